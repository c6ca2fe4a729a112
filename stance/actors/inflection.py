"""Forms of demonyms and names: gender, number, accents and capitals."""

import unicodedata

_EXPLICIT = "/"


def capital(word: str) -> str:
    """The word with a capital, the rest as it is."""
    return word[0].upper() + word[1:]


def french_forms(demonym: str) -> tuple[str, ...]:
    """A French demonym in both genders and numbers.

    Parameters
    ----------
    demonym : str
        The masculine singular. A feminine that follows no rule is given after a slash, and where the plurals
        follow none either, all forms are.

    Examples
    --------
    >>> french_forms("malien")
    ('malien', 'maliens', 'malienne', 'maliennes')
    >>> french_forms("grec/grecque"), french_forms("russe")
    (('grec', 'grecs', 'grecque', 'grecques'), ('russe', 'russes'))
    """
    given = demonym.split(_EXPLICIT)
    if len(given) > 2:
        return tuple(dict.fromkeys(given))
    feminine = given[1] if len(given) == 2 else _feminine(demonym)
    return tuple(dict.fromkeys(f for form in (given[0], feminine) for f in (form, _plural(form))))


def _feminine(masculine: str) -> str:
    if masculine.endswith("e"):
        return masculine
    return masculine + ("ne" if masculine.endswith(("ien", "éen", "yen")) else "e")


def _plural(form: str) -> str:
    return form if form.endswith(("s", "x")) else form + "s"


def english_forms(demonym: str) -> tuple[str, ...]:
    """An English demonym with its plural, where it has one.

    Examples
    --------
    >>> english_forms("Malian"), english_forms("Chinese"), english_forms("Dutchman/Dutchmen")
    (('Malian', 'Malians'), ('Chinese',), ('Dutchman', 'Dutchmen'))
    """
    if _EXPLICIT in demonym:
        return tuple(demonym.split(_EXPLICIT))
    has_no_plural = demonym.endswith(("ese", "sh", "ch", "ss", "is"))
    return (demonym,) if has_no_plural else (demonym, demonym + "s")


def written_variants(form: str, *, is_title: bool) -> tuple[str, ...]:
    """A form as written, without the accent of its first letter, and, if it is no title, in capitals.

    Examples
    --------
    >>> written_variants("Égypte", is_title=False)
    ('Égypte', 'Egypte', 'ÉGYPTE', 'EGYPTE')
    """
    unaccented = _bare(form[0]) + form[1:]
    shouted = () if is_title or form.isupper() else (form.upper(), _bare(form.upper()))
    return tuple(dict.fromkeys((form, unaccented, *shouted)))


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
