import pytest

from stance.speakers.attribution import find_attributions, find_incise
from stance.speakers.wordclasses import QUOTED


def named(sentence, lang):
    """Speaker and cue of a sentence in which ``Q`` stands for a quotation."""
    masked = sentence.replace("Q", QUOTED * 9)
    [found] = find_attributions([masked], lang)
    return found and (found.speaker and masked[slice(*found.speaker)], masked[slice(*found.cue)])


@pytest.mark.parametrize(("sentence", "speaker", "cue"), [
    ("Q, a indiqué mardi le Kremlin dans un communiqué.", "le Kremlin", "a indiqué"),
    ("Q, a mis en garde le ministre australien des Affaires étrangères.", "le ministre australien des Affaires étrangères", "a mis en garde"),
    ("Le calme est revenu, fait savoir l'état-major.", "l'état-major", "fait savoir"),
    ("Le dossier est clos, estime-t-on à Bercy.", "Bercy", "estime-t-on"),
    ("Le roi, qui rentrait de Rome, s'est dit inquiet.", "Le roi", "s'est dit"),
    ("Selon le récit d'un témoin, le pont a cédé.", "un témoin", "Selon"),
    ("Londres, Paris et Berlin ont condamné l'attaque.", "Londres, Paris et Berlin", "ont condamné"),
    ("À Paris, on se félicite de ce geste.", "Paris", "se félicite"),
    ("La mesure a été condamnée par Rome.", "Rome", "a été condamnée"),
    ("Le président s'est félicité de l'accord, Rome dénonçant un piège.", "Le président", "s'est félicité"),
    ("Rome n'a pas exclu de rappeler son consul.", "Rome", "n'a pas exclu"),
])  # fmt: skip
def test_french_constructions(sentence, speaker, cue):
    assert named(sentence, "fr") == (speaker, cue)


@pytest.mark.parametrize(("sentence", "speaker", "cue"), [
    ("Q the minister told reporters.", "the minister", "told"),
    ("Q said Carla Montrieux, who chairs the panel.", "Carla Montrieux", "said"),
    ("Nothing is signed, a spokesman for the ministry said on Monday.", "a spokesman for the ministry", "said"),
    ("The rebels' spokesman in Rome denied the report.", "The rebels' spokesman in Rome", "denied"),
    ("Nuns who had hidden in the chapel said the shelling went on.", "Nuns", "said"),
    ("By Rome's count, nine died.", "Rome", "By"),
    ("Rome put its army on alert and threatened to close the border.", "Rome", "threatened"),
    ("Moscow did not rule out talks.", "Moscow", "did not rule"),
])  # fmt: skip
def test_english_constructions(sentence, speaker, cue):
    assert named(sentence, "en") == (speaker, cue)


@pytest.mark.parametrize(("sentence", "lang"), [
    ("Le pont a été reconstruit.", "fr"),
    ("La demande de visa a été refusée.", "fr"),
    ("Les tarifs varient selon les saisons.", "fr"),
    ("Rome a rappelé son ambassadeur.", "fr"),
    ("Personne n'a rien dit.", "fr"),
    ("Le texte s'annonce long.", "fr"),
    ("The claims were never tested.", "en"),
    ("It sent its soldiers into a member state.", "en"),
    ("Two brothers suspected of the theft fled.", "en"),
    ("The lots were split according to size.", "en"),
    ("The embassy did not respond.", "en"),
])  # fmt: skip
def test_sentences_that_report_no_speech(sentence, lang):
    assert named(sentence, lang) is None


def test_a_pronoun_is_told_from_a_name():
    [found] = find_attributions(["Rien n'est sûr, a-t-il dit."], "fr")
    assert (found.speaker, found.pronoun) == (None, "a-t-il")


def test_an_attribution_between_commas_stands_inside_a_quotation():
    sentence = "« Partons, a crié le guide, et vite. »"
    found = find_incise(sentence, "fr")
    assert sentence[slice(*found.speaker)] == "le guide"
