"""The fused kernel: texts to decision values, or to counts of terms, in compiled code.

``supports`` and ``worth_it`` cost nothing to ask; the rest loads numba, and compiles once per machine.
"""

from typing import TYPE_CHECKING, Any

from stance.kernel.choice import supports, worth_it

if TYPE_CHECKING:
    from stance.kernel.counting import count_block, count_terms
    from stance.kernel.tables import Tables

__all__ = ["Tables", "count_block", "count_terms", "supports", "worth_it"]


def __getattr__(name: str) -> Any:
    if name in {"count_block", "count_terms"}:
        from stance.kernel import counting

        return getattr(counting, name)
    if name == "Tables":
        from stance.kernel.tables import Tables

        return Tables
    raise AttributeError(f"module 'stance.kernel' has no attribute '{name}'")
