"""Patterns over the word classes of :mod:`stance.speakers.wordclasses`: names, verb groups, attributions."""

import re
from dataclasses import dataclass
from functools import cache

from stance.speakers.wordclasses import ACT, FORMS, INCISE, LIGHT, SAY

_LOWER = "aLsFjmekcnZrl+"
NOMINAL = f"{_LOWER}Ct#q"
RUN = f"{NOMINAL}DdOPyfzb&TWNE"
"""Letters of the words that can stand between the start of a clause and its verb."""
FINITE = "[ABMovVxXH]"
# A reporting verb that is also a noun (« la demande », *the claims*) is a verb only where no noun can stand.
_VERB_HERE = "(?<![DdaOPfzb#])"
_AFTER_NAME = "(?!W*[ABMovVxX]|,?K)"
_MAX_ADJUNCTS = 6
_STOP = r"(?=[,.;:!?)\-]|$)"
_LOOSE_STOP = r"(?=[,.;:!?)\-TWPRSfzbg&QqyU]|$)"


@dataclass(frozen=True, slots=True)
class Grammar:
    """Compiled patterns of one family of languages.

    Attributes
    ----------
    name : re.Pattern
        A noun phrase that can name a speaker: titles and complements, no relative clause.
    governed_name : re.Pattern
        The same, with the preposition before it, if any, as group ``governor``.
    names : re.Pattern
        A name, or several joined by *and*.
    joined_names : re.Pattern
        What joins further names to one.
    person : re.Pattern
        A name in apposition to a title (*the minister, Karin Ahlberg*).
    opening_person : re.Pattern
        The person that a sentence begins with.
    verb : re.Pattern
        A verb group whose subject speaks.
    postposed : re.Pattern
        A quotation, its speaker and any verb of speaking (*"Go," the queen laughed*).
    pronoun, inverted_pronoun : re.Pattern
        *he said*; « a-t-il dit ».
    inverted : re.Pattern
        A reporting verb before its speaker, after a quotation, a comma, *as* or *what*.
    unlisted : re.Pattern
        A quotation, any verb and a name: whatever the verb, it speaks.
    incise : re.Pattern
        The same between commas, inside a quotation.
    addressee : re.Pattern
        A name that can be spoken to, with or without an article (« aux journalistes »).
    passive, introduced, counted, opinion : re.Pattern
        *condemned by Paris*; « selon Paris »; *by Paris's count*; « Pour Paris, ».
    absolute : re.Pattern
        A name with its own participle: « Bogota reprochant à Caracas ».
    impersonal : re.Pattern
        « À Paris, on se félicite ».
    owned : re.Pattern
        *NATO's warning that*; « l'avis de Paris selon lequel ».
    announced : re.Pattern
        A name, a colon and a quotation.
    prefaced : re.Pattern
        « Le ministre a botté en touche : « Attendons. » »: whatever is said to be done, it is said.
    """

    name: re.Pattern[str]
    governed_name: re.Pattern[str]
    names: re.Pattern[str]
    joined_names: re.Pattern[str]
    person: re.Pattern[str]
    opening_person: re.Pattern[str]
    verb: re.Pattern[str]
    pronoun: re.Pattern[str]
    inverted_pronoun: re.Pattern[str]
    postposed: re.Pattern[str]
    inverted: re.Pattern[str]
    unlisted: re.Pattern[str]
    incise: re.Pattern[str]
    addressee: re.Pattern[str]
    passive: re.Pattern[str]
    introduced: re.Pattern[str]
    counted: re.Pattern[str]
    opinion: re.Pattern[str]
    absolute: re.Pattern[str]
    impersonal: re.Pattern[str]
    owned: re.Pattern[str]
    announced: re.Pattern[str]
    prefaced: re.Pattern[str]


def _letters(sorts: tuple[str, ...], *forms: str) -> str:
    return "".join(sort[FORMS.index(form)] for sort in sorts for form in forms)


def _romance_perfect(*sorts: str) -> str:
    participle, infinitive = _letters(sorts, "participle", "both"), _letters(sorts, "infinitive")
    insertion = "(?:,[^,]{1,14},)?"
    perfect = rf"[ND]*AW?{insertion}[NW+aq]*(?:[{participle}]|h[NW+]*[zOb]?N*[{infinitive}])"
    reflexive = rf"N+B{insertion}[NW+]*(?:[{participle}]|h[NW+]*[zOb]?N*[{infinitive}])"
    return rf"(?:{perfect}|{reflexive})(?:y|N?k)?"


def _romance_verb(*sorts: str) -> str:
    finite, noun = _letters(sorts, "finite", "both"), _letters(sorts, "noun")
    modal = rf"N*M[NW]*[zO]?N*[{_letters(sorts, 'infinitive')}]"
    simple = rf"[ND]*(?:[{finite}]|{_VERB_HERE}[{noun}])"
    return rf"(?=[NDAM{finite}{noun}])(?:{_romance_perfect(*sorts)}|(?:{modal}|{simple})(?:y|N?k)?)"


def _germanic_verb(*sorts: str) -> str:
    finite, noun = _letters(sorts, "finite", "both"), _letters(sorts, "noun")
    gerund = _letters(sorts, "gerund")
    perfect = rf"A[NW]*[{_letters(sorts, 'participle', 'both')}]|A[NW]*B[NW]*[{gerund}]"
    modal = rf"M[NW]*z?[{finite}{noun}{gerund}]"
    progressive = rf"B[NW]*[{gerund}]|B[{finite}](?:b[DOCLaeF]{{1,8}})?[@P][{gerund}]"
    simple = rf"(?:[{finite}]|{_VERB_HERE}[{noun}])"
    return rf"(?=[AMB{finite}{noun}])(?:{perfect}|{modal}|{progressive}|{simple})"


def _romance_name() -> str:
    common = rf"(?:[Dd]{{1,2}}#*|#+|(?=[sm]))[{_LOWER}]*(?:[{_LOWER.replace('a', '')}]|a(?=C))[Ctq]*(?:(?<=[Fj])\(C{{1,3}}\)C+)?"
    institution = r"D{1,2}[a#]*[Ctq]+(?:[LFs]{1,2}(?!D))?"
    nominal = rf"D{{0,2}}(?:[Ct]+(?:L{{1,2}}[Ct]*)?|#*[{_LOWER}]+[Ctq]*)"
    post = rf"(?:(?<=j)|(?<=jL)|(?<=j[Od]C)|(?<=j[Od]CL))[zfP](?!D?e){nominal}"
    return rf"(?:{institution}|{common}|[tC]+)(?:[Od]{nominal}|{post}|(?<=e)DC+L?)*"


def _romance_adjunct() -> str:
    """What may stand between a verb and the name after it: adverbs, times, complements, what commas enclose.

    Each of its alternatives ends somewhere else, and there are few of them: in « a dit, avec force, avec joie, … » the
    ways to part the commas among them double with each.
    """
    other = f"^,{FINITE[1:-1]}QKR"
    complement = rf"[Pfz][Dd]?[{NOMINAL}]+?(?:[Od]D*[{NOMINAL}]+?)?"
    enclosed = rf",[TPzf][{other}]{{1,12}},"
    rest = rf",(?:[TPzf]|(?![TPzf])[{other}D]{{1,10}}),"
    parts = rf"[TW],?|{enclosed}|{complement},?|,{complement}(?:(?<=[^,]{{14}}),)?|{rest}"
    return rf"(?:{parts}){{0,{_MAX_ADJUNCTS}}}?"


def _germanic_name() -> str:
    nominal = rf"D{{0,2}}[{NOMINAL}]+"
    return rf"{nominal}(?:O{nominal}|(?<=j)[fzP]{nominal}|(?:(?<=s)|(?<=sL))[Pz]{nominal})*"


def _opinion(lang: str, name: str) -> str:
    """« Pour Bruxelles, la réforme … »; *For the political scientist Ann Lee, …*; nothing in other languages."""
    if lang == "fr":
        return rf"^(?P<verb>f)(?P<name>t?C+(?=(?:,[LFsja][^,]{{0,14}})?,[DHCNEQ])|(?=D?a?[LsFj]*[sFj]){name}(?=,)|D[LsFj]+CC+(?=,)|DL+OC+,C+(?=,))"
    return r"^(?P<verb>f)(?P<name>D?[aLsFj]*CC+)," if lang == "en" else r"(?!)(?P<verb>)(?P<name>)"


@cache
def grammar(lang: str) -> Grammar:
    """The patterns for a language."""
    germanic = lang in ("de", "en")
    name = _germanic_name() if germanic else _romance_name()
    verb = _germanic_verb if germanic else _romance_verb
    person = r"(?:DF)?t?C(?:OD?)?C+"
    names = rf"{name}(?:&{name}(?!{FINITE}))?(?:,{person}{_STOP})?"
    adjunct = r"[TW]*?" if germanic else _romance_adjunct()
    every = verb(SAY, ACT, INCISE, LIGHT)
    adverbs = "W*" if germanic else ""
    # English parts a quotation from what attributes it by a mark; a few words without one are a part of the sentence.
    quotation = "(?P<quoted>Q[,?!.]?|q[,?!.])-?" if lang == "en" else "(?P<quoted>[Qq])[,?!.]?-?"
    spoken = verb(SAY, INCISE) if germanic else verb(SAY, ACT, INCISE)
    elsewhere = rf"(?:^|[,\-;:(?!.]|@[DN]*|DK)(?P<elsewhere>{spoken})"
    participle = _letters((SAY, ACT, INCISE, LIGHT), "participle", "both")
    infinitive = _letters((SAY, ACT, INCISE), "infinitive")
    return Grammar(
        name=re.compile(name),
        governed_name=re.compile(rf"(?P<governor>[Pyfzb@O]?)(?P<name>{name})"),
        names=re.compile(names),
        joined_names=re.compile(rf"(?:&{name})+"),
        person=re.compile(person),
        opening_person=re.compile(rf"[TWS]*(?:{name},)?(?P<person>{person}|tC+)"),
        verb=re.compile(verb(SAY, ACT)),
        pronoun=re.compile(rf"(?P<pronoun>H){adverbs}(?P<verb>{verb(SAY, ACT, INCISE)})"),
        inverted_pronoun=re.compile(
            rf"(?P<verb>u[NW]*(?:[{participle}]y?|h[NW]*[zO]?N*[{infinitive}])|wy?)(?:[zP](?P<name>{name}))?"
        ),
        postposed=re.compile(rf"{quotation}(?P<name>{names}){adverbs}(?P<verb>{every})"),
        inverted=re.compile(
            rf"(?:{quotation}(?P<beside>{every})|{elsewhere}){adjunct}(?P<name>(?>{names})){_AFTER_NAME}"
            + (_LOOSE_STOP if germanic else "")
        ),
        unlisted=re.compile(
            rf"[-&]?[Qq],?-?(?P<verb>[ND]*[AB][NW+]*[Lk]|N*[Lo])(?=[DdCt]|T|W){adjunct}(?P<name>{names}){_LOOSE_STOP}"
        ),
        incise=re.compile(rf"[,!?](?P<verb>{every}){adjunct}(?P<name>{names}){_STOP}"),
        addressee=re.compile(rf"{name}|[{_LOWER}]+[Ct]*"),
        passive=re.compile(
            rf"(?P<verb>(?:A[NW]*)?B[NW]*[{_letters((ACT,), 'participle', 'both')}])W*b(?P<name>{names})"
        ),
        introduced=re.compile(
            rf"(?P<verb>I)(?<!\(#I)(?<!\(#LI)(?:O?(?P<name>(?:{name}|[{_LOWER}]+[Ct]*)(?:,{person}{_STOP})?)|(?P<pronoun>[NEH]))"
        ),
        counted=re.compile(r"^(?P<verb>b)(?P<name>D?[aLC]+)O[WL]?k"),
        opinion=re.compile(_opinion(lang, name)),
        absolute=re.compile(
            rf"{'P' if germanic else '(?:^|,)'}(?P<name>{name})(?P<verb>[{_letters((SAY, ACT), 'gerund')}])"
        ),
        impersonal=re.compile(rf"^z(?P<name>{name}),?.*?(?P<pronoun>H)(?P<verb>{verb(SAY, ACT)})"),
        owned=re.compile(
            rf"(?P<name>D{{0,2}}[{NOMINAL}]+)O[aL]*(?P<verb>[gkmnZ])(?=K)"
            if germanic
            else rf"(?P<verb>[kLmn+])O(?P<name>{name})IR"
        ),
        prefaced=re.compile(
            r"(?!)(?P<name>)(?P<verb>)"
            if germanic
            else rf"(?:^|,)(?P<name>{name})(?P<verb>N*[Ao][^,:QqKRH]{{0,7}}):-?Q\.?$"
        ),
        announced=re.compile(
            rf"-?(?P<name>(?P<head>D?[{NOMINAL}]+)(?:O(?P<owner>{name}))?)(?:,[^,:KRQ]{{1,14}})?(?P<verb>:)-?Q"
        ),
    )
