"""Lines that say when an article was published and by which outlet, and nothing else."""

import re

_LONGEST_STAMP_CHARS = 100
_MOST_NAMES = 3

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre january february march april may "
    "june july august september october november december jan janv feb févr fév mar avr apr juin jun juil jul août aoû aug "
    "sept sep oct nov déc dec"
)
_WORDS = frozenset(
    f"{_MONTHS} lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday "
    "mon tue tues wed thu thur thurs fri sat sun a an à at le la on the by par avec with and et of du des les de d article paru parue er st nd rd th h m s "
    "am pm p i min gmt utc bst cet cest est edt et ist jst hne hae pt ct pst pdt msk local time heure heures hour hours "
    "minute minutes ago il y hier yesterday today published updated issued posted modified created last first publié publiée "
    "modifié modifiée mis mise jour ligne posté créé staff rédaction edition".split()
)
_MONTH = rf"(?:{'|'.join(sorted(set(_MONTHS.split()), key=len, reverse=True))})\.?"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:er|st|nd|rd|th)?\s+{_MONTH}\s+(?:19|20)\d\d|\b{_MONTH}\s+\d{{1,2}},?\s+(?:19|20)\d\d"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\d{1,2}\s?[h:.]\s?\d{2}|\d\s?[ap]\.?m\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BETWEEN_FACTS = re.compile(r"\s[|/•·–—-]\s")


def is_stamp(line: str) -> bool:
    """Whether a line is nothing but a date or a time, with the name of an outlet at most.

    Examples
    --------
    >>> is_stamp("Mon 2 Sep 2024 19.34 BST"), is_stamp("TNN | Updated: Sep 29, 2024, 07:12 IST")
    (True, True)
    >>> is_stamp("Vladimir Poutine à Moscou, le 3 juin 2019"), is_stamp("1924")
    (False, False)
    """
    if len(line) > _LONGEST_STAMP_CHARS or line[-1] in "!?" or not _DIGIT.search(line):
        return False
    date, clock = _DATE.search(line), _CLOCK.search(line)
    if not (date or clock):
        return False
    names = [word for word in _WORD.findall(line) if word.lower() not in _WORDS]
    if not names:
        return True
    return bool(
        date
        and (clock or _BETWEEN_FACTS.search(line))
        and len(names) <= _MOST_NAMES
        and all(name[0].isupper() for name in names)
    )
