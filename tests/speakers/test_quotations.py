import pytest

from stance.speakers.quotations import find_quotations


def quoted(text, lang="en"):
    return [text[q.start : q.end] for q in find_quotations(text, lang=lang)]


@pytest.mark.parametrize(("text", "lang", "expected"), [
    ("« Oui », dit-il. « Non »", "fr", ["« Oui »", "« Non »"]),
    ("« Il a dit “non” », dit-elle.", "fr", ["« Il a dit “non” »"]),
    ("L'accord d'hier n'est pas « clos ».", "fr", ["« clos »"]),
    ('" Bonjour. " Il sort.', "fr", ['" Bonjour. "']),
    ('"Yes," he said. "No."', "en", ['"Yes,"', '"No."']),
    ("'Yes,' he said. 'No.'", "en", ["'Yes,'", "'No.'"]),
    ("‘The ministers’ plan is dead,’ he said.", "en", ["‘The ministers’ plan is dead,’"]),
    ("The ministers' plan isn't dead.", "en", []),
    ("„Ja“, sagte er. »Nein«, sagte sie.", "de", ["„Ja“", "»Nein«"]),
    ("It's a 5\" pipe", "en", []),
])  # fmt: skip
def test_quotations_are_found_by_their_marks(text, lang, expected):
    assert quoted(text, lang) == expected


def test_a_quotation_that_is_never_closed_runs_to_the_end():
    [quotation] = find_quotations("« Partons, dit-il.", lang="fr")
    assert (quotation.end, quotation.closed) == (18, False)


def test_a_mark_that_closes_what_nothing_opened_quotes_what_stands_before_it():
    assert quoted("Nous avons gagné », dit-il.", "fr") == ["Nous avons gagné »"]
