"""Dates as newspapers and press databases write them, to ISO dates; what may be two days is neither."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

LANGUAGES = ("en", "en_GB", "fr", "de", "es", "it", "nl", "pt")
"""Of the names of months."""

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})(?:([-/.])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d\d?)([-/.])(\d\d?)\2(\d{4})(?!\d)")
_GAP = r"[.,]?[\s-]+"
_MONTH = r"([^\W\d_]+)"
_DAY_MONTH = re.compile(
    rf"(?<!\w)(\d\d?)(?:er|st|nd|rd|th|o)?{_GAP}(?:de )?{_MONTH}{_GAP}(?:de )?(\d{{4}})(?!\d)"
)
_MONTH_DAY = re.compile(rf"(?<!\w){_MONTH}{_GAP}(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")


@dataclass(frozen=True)
class Day:
    """What a written date says.

    Parameters
    ----------
    day_first, month_first : str or None
        The ISO date by either order; the same where the writing leaves no choice, None where it is no date.
    """

    day_first: str | None
    month_first: str | None

    @property
    def is_sure(self) -> bool:
        """Whether it is one day, whichever order is meant."""
        return self.day_first == self.month_first and self.day_first is not None

    def tells(self) -> bool | None:
        """Whether the day is written first, if the numbers show it."""
        if (self.day_first is None) == (self.month_first is None):
            return None
        return self.day_first is not None

    def iso(self, day_first: bool | None) -> str | None:
        """The ISO date, in a file whose dates are written in this order; None where that is not known."""
        if day_first is None:
            return (self.day_first or self.month_first) if self.is_sure or self.tells() is not None else None
        return self.day_first if day_first else self.month_first


NO_DAY = Day(None, None)


def read_day(written: str) -> Day:
    """The day that a text names.

    Examples
    --------
    >>> read_day("samedi 4 mars 2023").iso(None), read_day("March 4, 2023 Saturday 10:15 AM").iso(None)
    ('2023-03-04', '2023-03-04')
    >>> read_day("12/09/2023")
    Day(day_first='2023-09-12', month_first='2023-12-09')
    """
    text = bare(" ".join(written.split()))
    days = {_sure(year, m or month, d or day) for year, _, m, d, month, day in _YEAR_FIRST.findall(text)}
    days |= {
        Day(_iso(year, other, one), _iso(year, one, other))
        for one, _, other, year in _YEAR_LAST.findall(text)
    }
    days |= {_sure(year, _months().get(month, 0), day) for day, month, year in _DAY_MONTH.findall(text)}
    days |= {_sure(year, _months().get(month, 0), day) for month, day, year in _MONTH_DAY.findall(text)}
    days.discard(NO_DAY)
    return days.pop() if len(days) == 1 else NO_DAY


def day_first_of(written: Iterable[str]) -> bool | None:
    """Whether dates of numbers are written with the day first, as those above 12 show; None where they do not agree."""
    shown = {read_day(text).tells() for text in written} - {None}
    return shown.pop() if len(shown) == 1 else None


def bare(text: str) -> str:
    """A text in small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _sure(year: str, month: str | int, day: str) -> Day:
    iso = _iso(year, month, day)
    return Day(iso, iso)


def _iso(year: str, month: str | int, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """The number of each month by its names, whole and short; a name of two months is none."""
    from babel import Locale

    numbers: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for forms in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in forms[width].items():
                    key = bare(name.rstrip("."))
                    numbers.setdefault(key, set()).add(number)
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1}
