"""Where figures were measured."""

import os
from pathlib import Path

from stance.provenance import run_facts


def machine_facts() -> dict[str, object]:
    """Versions, processor and load of the machine; no path of it."""
    facts = {key: value for key, value in run_facts().items() if key != "command"}
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = {line.split(":", 1)[1].strip() for line in described if line.startswith("model name")}
    return {
        **facts,
        "processor": sorted(names),
        "n_processors": os.cpu_count(),
        "load_average": os.getloadavg(),
    }
