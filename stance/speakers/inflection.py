"""Inflected forms of reporting verbs: third persons, participles, gerund and infinitive."""

from dataclasses import dataclass

_DOUBLED_FRENCH = frozenset({"appeler", "rappeler", "rejeter"})
_DOUBLED_ENGLISH = frozenset(
    {"admit", "rebut", "refer", "regret", "beg", "quip", "slam", "snap", "sob", "cut", "forget"}
)


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms of one verb by what they can do in a sentence."""

    finite: tuple[str, ...]
    participle: tuple[str, ...]
    gerund: tuple[str, ...]
    infinitive: tuple[str, ...]


def inflect(lemma: str, parts: str, lang: str) -> Forms:
    """Forms of a verb: by rule, or from the principal parts of an irregular one.

    Parameters
    ----------
    parts : str
        Empty for a regular verb. French: third persons of the present, stem of the imperfect, stem
        of the future, third persons of the past historic, past participle. English: past and past
        participle. Other languages: finite forms, participles and gerunds, parted by ``|``.

    Examples
    --------
    >>> "annonçait" in inflect("annoncer", "", "fr").finite
    True
    >>> inflect("deny", "", "en").participle
    ('denied',)
    """
    if lang == "fr":
        return _french(lemma, parts)
    if lang == "en":
        return _english(lemma, parts)
    finite, participle, gerund = (tuple(group.split()) for group in f"{parts}||".split("|")[:3])
    return Forms(finite, participle, gerund, (lemma,))


def _french(lemma: str, parts: str) -> Forms:
    present, plural, imperfect, future, past, past_plural, participle = (
        parts.split(",") if parts else _french_er(lemma) if lemma.endswith("er") else _french_ir(lemma)
    )
    finite = [present, plural, past, past_plural]
    finite += [imperfect + ending for ending in ("ait", "aient")]
    finite += [future + ending for ending in ("a", "ont", "ait", "aient")]
    plural_participle = participle if participle.endswith("s") else participle + "s"
    participles = (participle, plural_participle, participle + "e", participle + "es")
    return Forms(tuple(finite), participles, (imperfect + "ant",), (lemma,))


def _french_er(lemma: str) -> list[str]:
    stem = lemma.removesuffix("er")
    strong = _strong_stem(lemma, stem)
    soft = stem[:-1] + "ç" if stem.endswith("c") else stem + "e" if stem.endswith("g") else stem
    changes = lemma in _DOUBLED_FRENCH or stem.endswith("y") or ("è" in strong and "é" not in stem)
    future = strong + "er" if changes else lemma
    return [strong + "e", strong + "ent", soft, future, soft + "a", stem + "èrent", stem + "é"]


def _strong_stem(lemma: str, stem: str) -> str:
    """Stem of the present singular: répét- gives répèt-, relev- gives relèv-, rappel- gives rappell-."""
    if lemma in _DOUBLED_FRENCH:
        return stem + stem[-1]
    if stem.endswith("y"):
        return f"{stem[:-1]}i"
    last_vowel = max((stem.rfind(vowel) for vowel in "aeiouéèêâîôûy"), default=-1)
    if 0 < last_vowel < len(stem) - 1 and stem[last_vowel] in "é":
        return f"{stem[:last_vowel]}è{stem[last_vowel + 1 :]}"
    if 0 < last_vowel == len(stem) - 2 and stem[last_vowel] == "e":
        return f"{stem[:last_vowel]}è{stem[-1]}"
    return stem


def _french_ir(lemma: str) -> list[str]:
    stem = lemma.removesuffix("r")
    return [stem + "t", stem + "ssent", stem + "ss", lemma, stem + "t", stem + "rent", stem]


def _english(lemma: str, parts: str) -> Forms:
    past, participle = parts.split(",") if parts else (_english_past(lemma),) * 2
    return Forms((lemma, _english_third_person(lemma), past), (participle,), (_english_gerund(lemma),), ())


def _english_third_person(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "go")) else "s")


def _english_past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ied"
    return (lemma + lemma[-1] if lemma in _DOUBLED_ENGLISH else lemma) + "ed"


def _english_gerund(lemma: str) -> str:
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe")):
        return lemma[:-1] + "ing"
    return (lemma + lemma[-1] if lemma in _DOUBLED_ENGLISH else lemma) + "ing"
