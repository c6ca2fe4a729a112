import pytest

from stance.articles.plain import title_of

BODY = "Le gouvernement l'a annoncé jeudi, après six mois de fermeture."


@pytest.mark.parametrize(
    "text",
    [
        f"Bamako rouvre ses frontières\n\n{BODY}",
        f"\n  Bamako rouvre ses frontières  \n{BODY}\n",
        f"Bamako rouvre ses frontières\n\nLe Niger.\n{BODY}",
    ],
)
def test_a_short_first_line_before_more_text_is_the_title(text):
    assert title_of(text) == "Bamako rouvre ses frontières"


def test_a_question_or_a_quote_may_be_the_title():
    assert title_of(f"Qui a peur du traité ?\n\n{BODY}") == "Qui a peur du traité ?"
    assert title_of(f"« Nous sommes prêts »\n\n{BODY}") == "« Nous sommes prêts »"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Bamako rouvre ses frontières",
        "Bamako rouvre ses frontières\n\n",
        f"Bamako rouvre ses frontières.\n\n{BODY}",
        f"{BODY}\n\nLe Niger s'en félicite",
        f"Hier, à Bamako,\n{BODY}",
        "Une première ligne sans point mais bien plus longue que la suivante\nque voici.",
        "a" * 300 + f"\n\n{BODY}",
    ],
)
def test_a_sentence_or_a_lone_line_is_no_title(text):
    assert title_of(text) is None
