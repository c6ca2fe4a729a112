"""A function run over many tasks: in this process, in processes of this machine, or on a Dask cluster."""

from stance.execution.cluster import Dask
from stance.execution.inline import InLine as InLine
from stance.execution.local import Local
from stance.execution.work import Outcome as Outcome
from stance.execution.work import Task as Task
from stance.execution.work import Work as Work
from stance.execution.work import WorkerError as WorkerError

__all__ = ["Dask", "Local"]
