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


@pytest.mark.parametrize("line", ["Mon 2 Sep 2019 19.34 BST", "TNN | Updated: Sep 29, 2019, 07:12 IST", "LE MATIN avec AFP - 27 février 2018 à 08:14", "Le Monde avec AFP",
                                  "À lire aussiLe récit d'une trêve", "Facebook X WhatsApp", "BAMAKO (APA) –", "1 204 commentaires"])  # fmt: skip
def test_stamps_and_lines_of_outlets_are_boilerplate(line):
    assert kind_of(line) == "boilerplate"


@pytest.mark.parametrize(
    "line",
    [
        "Genève, un an après",
        "Ce que dit Le Monde",
        "Reportage. À Sarim, la faim et l'ennui, puis la peur",
        "Reuters critiquée par Moscou",
    ],
)
def test_headings_that_resemble_furniture_stay_headings(line):
    assert kind_of(line) == "heading"


def test_below_the_last_statement_nothing_is_headed():
    kinds = [s.kind for s in segment(f"{BODY}\n\nUne rupture\n\n{BODY}\n\nLe fil de la crise", "fr")]
    assert kinds == ["narration", "heading", "narration", "boilerplate"]


def test_a_title_under_read_more_is_furniture_and_the_next_heading_is_not():
    found = segment(f"{BODY}\n\nLire aussi\n\nUn an de trêve\n\nUne rupture\n\n{BODY}", "fr")
    assert [s.kind for s in found][1:-1] == ["boilerplate", "boilerplate", "heading"]


def test_an_author_below_the_headline_is_boilerplate_and_a_rubric_above_it_is_a_heading():
    found = segment(f"Middle East\n\nTruce holds for a second day\n\nAnna Carlisle in Muscat\n\n{BODY}", "en")
    assert [s.kind for s in found][:3] == ["heading", "heading", "boilerplate"]
