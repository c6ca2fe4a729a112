import pytest

from stance.segmentation import segment

BODY = "Le texte a été signé lundi à Genève par les deux ministres, après onze heures de débat."


def kind_of(line, lang="fr"):
    """Kind of a line that stands between two paragraphs."""
    found = segment(f"{BODY}\n\n{line}\n\n{BODY}", lang)
    assert found[1].text == line
    return found[1].kind


@pytest.mark.parametrize("line", ["Lire aussi : Un an de trêve", "A lire également : Sahel, la fin d'une époque", "À LIRE AUSSI Un an de trêve", "Read more: A year of truce",
                                  "Par Jeanne Delmotte", "By Jane Delmore and Karl Voss", "(AFP)", "Avec AFP et Reuters", "Publicité",
                                  "Le 3 mai 2017 à 8h12", "Temps de lecture : 3 min", "Nous utilisons des cookies.", "Partager sur X",
                                  "Abonnez-vous dès 1 euro", "All rights reserved.", "Mis à jour le 3 mai 2017"])  # fmt: skip
def test_the_furniture_of_a_page_is_boilerplate(line):
    assert kind_of(line) == "boilerplate"


@pytest.mark.parametrize("line", ["Ivan Marenkov ce mardi 2 mai 2017.", "Le port de Sarim, le 3 juin 2019 (archives).", "Photo : Agence Rivage",
                                  "Gen. Traore, left, at the border.", "Le camp de Kalim. © Agence Rivage",
                                  "Clara Van Houten serre la main d'Ivan Marenkov à Hambourg, le 7 juillet 2017."])  # fmt: skip
def test_what_stands_under_a_picture_is_a_caption(line):
    assert kind_of(line) == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "Une rupture annoncée",
        "« Pas de chèque en blanc »",
        "SYRIE",
        "Que veut Ankara ?",
        "1. Le temps des menaces",
    ],
)
def test_a_short_line_without_a_full_stop_is_a_heading(line):
    assert kind_of(line) == "heading"


@pytest.mark.parametrize("line", ["Il pleut.", "« Assez ! »", "- un cessez-le-feu immédiat", "Le traité a été signé le 2 mai 2017.",
                                  "Les cookies du ministère sont au chocolat, a plaisanté le porte-parole.",
                                  "Par deux fois, Rome a dit non.", "Le projet tient en trois points :", "Publié en 1995, le livre fit scandale."])  # fmt: skip
def test_other_short_paragraphs_hold_statements(line):
    assert kind_of(line) in ("direct", "indirect", "narration")


@pytest.mark.parametrize(
    "text", ["Paris et Berlin saluent l'accord", "Truce holds\nFront line unmoved", "Et maintenant ?"]
)
def test_lines_without_a_body_beside_them_are_statements(text):
    assert {s.kind for s in segment(text)} <= {"direct", "indirect", "narration"}
