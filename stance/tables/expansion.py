"""How much larger than on disk the contents of a packed file may be."""

from stance.errors import DataError

FREE_BYTES = 256 << 20
MAX_RATIO = 250
"""Text packs 3 to 20 times, a file of equal rows about 100 times, a bomb 1,000 times and more."""


def check_expansion(path: str, stored_bytes: int, made_bytes: int, free_bytes: int = FREE_BYTES) -> None:
    """Raise DataError where contents of more than ``free_bytes`` are over 250 times their size on disk.

    Examples
    --------
    >>> check_expansion("a.gz", 6_000, 13 << 30)
    Traceback (most recent call last):
    stance.errors.DataError: a.gz: 6000 bytes on disk stand for 13312 MiB or more; at most 250 times ...
    """
    if made_bytes > max(free_bytes, MAX_RATIO * stored_bytes):
        raise DataError(
            f"{path}: {stored_bytes} bytes on disk stand for {made_bytes >> 20} MiB or more; at most "
            f"{MAX_RATIO} times the size on disk is read. If this is your own data, write it again unpacked."
        )
