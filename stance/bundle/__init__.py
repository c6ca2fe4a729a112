"""The saved model: a folder of data, digests and check statements, and no code."""

from stance.bundle.reading import load
from stance.bundle.writing import save

__all__ = ["load", "save"]
