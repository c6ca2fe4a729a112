"""Labelled statements as a checked Hugging Face Dataset."""

from stance.dataset.sources import Files, Hub
from stance.dataset.sources import LabelledDataset as LabelledDataset

__all__ = ["Files", "Hub"]
"""What a configuration may name; a labelled dataset is what these give."""
