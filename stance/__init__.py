"""Stance and sentiment classification for research: the tone of diplomatic statements.

>>> import stance
>>> model = stance.load("runs/tone/model")                      # doctest: +SKIP
>>> model.predict(["Paris et Berlin saluent l'accord."])        # doctest: +SKIP
array(['cooperative'], dtype='<U11')
"""

TYPE_CHECKING = (
    False  # as of typing, which takes as long to import as all else that goes before signals are heard
)
if TYPE_CHECKING:
    from typing import Any

    from stance.bundle import load
    from stance.segmentation import segment

__version__ = "0.3.0"
__all__ = ["load", "segment", "__version__"]


def __getattr__(name: str) -> "Any":
    """Public functions, imported when first used, so that ``import stance`` stays quick."""
    if name == "load":
        from stance.bundle import load

        return load
    if name == "segment":
        from stance.segmentation import segment

        return segment
    raise AttributeError(f"module 'stance' has no attribute '{name}'")


def __dir__() -> list[str]:
    """The public names, those not yet imported too: what a notebook completes."""
    return sorted({*globals(), *__all__})
