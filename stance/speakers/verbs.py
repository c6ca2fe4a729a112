"""Whether a verb group reports speech, by the words in it and around it."""

from stance.speakers.reading import Reading, Span
from stance.speakers.wordclasses import QUOTED, QUOTED_SHORT

_QUOTATION_WITHIN = 9
_WORDS_WITHIN = {"en": 2, "de": 9, "fr": 9, "es": 9, "it": 9, "pt": 9}
_NEGATIONS = frozenset({"ne", "n'", "not", "never", "cannot", "nicht", "no", "não", "non"})
_NEGATED_BUT_SAID = frozenset({"cessé", "cesse", "cessent", "manqué", "manque", "manquent", "pas moins"})
_REFLEXIVES = frozenset({"se", "s'", "si", "sich"})
_SPEAKERS = frozenset("CtsFj")
_PERSON_ENDINGS = tuple(
    ending + plural
    for ending in ("eur", "euse", "iste", "logue", "graphe", "ant", "ien", "ienne")
    for plural in ("", "s")
)
_SHORTEST_STEM = 3
# Followed by *of* they are participles (*suspected of*).
_TRANSITIVE = frozenset({"accused", "suspected", "informed", "reminded", "assured", "charged"})
# « le groupe dit E3 », and « répondre de ses actes » below
_SO_CALLED = frozenset({"dit", "dits"})
_PLURALS = frozenset({"police", "people", "men", "women", "media", "others"})


def reports_speech(reading: Reading, verb: Span) -> bool:
    """Whether a verb group reports speech wherever its speaker stands: no denial of speech, no false reflexive."""
    group, lexicon = reading.lower(verb), reading.lexicon
    if len(group) == 1:
        return lexicon.reflexive.get(group[0]) != "only"
    if _is_negated(group) and lexicon.negatable.isdisjoint(group):
        return False
    if reading.lang != "fr":
        return True
    how = next((lexicon.reflexive[word] for word in group if word in lexicon.reflexive), "")
    is_reflexive = not _REFLEXIVES.isdisjoint(group)
    if is_reflexive and "h" in reading.classes[slice(*verb)]:
        return True  # « s'est contenté de dire »
    if "B" in reading.classes[slice(*verb)] and not is_reflexive:
        return False
    return how == "also" or (how == "only") == is_reflexive


def subject_speaks(reading: Reading, verb: Span, name: Span | None, *, in_incise: bool = False) -> bool:
    """Whether the subject before a verb group speaks: no passive, no noun, with the words the verb needs."""
    end, classes = verb[1], reading.classes
    group, lexicon = reading.lower(verb), reading.lexicon
    if (
        not in_incise
        and not lexicon.needs.keys().isdisjoint(group)
        and not _has_needed_words(reading, group, end)
    ):
        return False
    if has_excluded_words(reading, verb):
        return False
    if reading.lang == "en":
        return _is_english_predicate(reading, verb, name)
    following = classes[end : end + 1]
    if (group[-1] in _SO_CALLED and following == "C") or (
        group[-1].startswith("répond") and following == "O"
    ):
        return False
    return not (classes[slice(*verb)] in ("x", "X") and following == "O")


def _has_needed_words(reading: Reading, group: list[str], end: int) -> bool:
    needs = reading.lexicon.needs
    near = reading.words[end : end + _WORDS_WITHIN[reading.lang]]
    far = reading.words[end : end + _QUOTATION_WITHIN]
    return any(_matches(need, near, far) for word in group for need in needs.get(word, ()))


def has_excluded_words(reading: Reading, verb: Span) -> bool:
    """Whether words follow with which a verb does not report speech (*recalled its ambassador*)."""
    group = reading.lower((max(verb[0], verb[1] - 2), verb[1]))
    if reading.lexicon.unless.keys().isdisjoint(group):
        return False
    far = reading.words[verb[1] : verb[1] + _QUOTATION_WITHIN]
    return any(excluded in far for word in group for excluded in reading.lexicon.unless.get(word, ()))


def can_speak(reading: Reading, name: Span) -> bool:
    """Whether a name is that of a person, an institution or a country, as far as its words tell."""
    if not _SPEAKERS.isdisjoint(reading.classes[slice(*name)]):
        return True
    words = reading.lower(name)
    return not reading.lexicon.organisations.isdisjoint(words) or any(map(_is_person_noun, words))


def _is_person_noun(word: str) -> bool:
    if not word.endswith(_PERSON_ENDINGS):
        return False
    return any(
        word.endswith(ending) and len(word) >= len(ending) + _SHORTEST_STEM for ending in _PERSON_ENDINGS
    )


def _matches(need: str, near: list[str], far: list[str]) -> bool:
    if need == '"':
        return any(word[0] in (QUOTED, QUOTED_SHORT) for word in far)
    if need == "+":
        return any(word[0].isalpha() for word in far[:2])
    return need in near


def _is_negated(group: list[str]) -> bool:
    negated = any(word in _NEGATIONS or word.endswith("n't") for word in group)
    return negated == _NEGATED_BUT_SAID.isdisjoint(group)  # « n'a cessé de dire », « a cessé de dire »


def _is_english_predicate(reading: Reading, verb: Span, name: Span | None) -> bool:
    classes = reading.classes
    before, after = classes[: verb[0]].rstrip("W")[-1:], classes[verb[1] : verb[1] + 1]
    if before and before in "DaOPfz#" and not classes[: verb[0]].endswith("C#"):
        return False
    letters = classes[slice(*verb)]
    if letters[0] not in "ABM" and after and after in "bABM":
        return False
    if after == "O" and not _TRANSITIVE.isdisjoint(reading.lower(verb)):
        return False
    if letters not in ("n", "Z", "r"):
        return True
    ends_in_s = reading.words[verb[1] - 1].endswith("s")
    return name is None or ends_in_s != _is_plural(reading, name)


def _is_plural(reading: Reading, name: Span) -> bool:
    core = reading.classes[slice(*name)].split("O")[0].split("z")[0].split("f")[0]
    head = reading.words[name[0] + max(len(core), 1) - 1].lower()
    return (
        "&" in reading.classes[slice(*name)]
        or head in _PLURALS
        or (head.endswith("s") and not head.endswith("ss"))
    )
