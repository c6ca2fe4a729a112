import pytest

from stance.speakers.inflection import inflect


@pytest.mark.parametrize(("lemma", "forms"), [
    ("annoncer", "annonce annoncent annonçait annonçaient annonça annoncèrent annoncera annonceront annoncerait annonceraient"),
    ("rappeler", "rappelle rappellent rappelait rappelaient rappela rappelèrent rappellera rappelleront rappellerait rappelleraient"),
    ("répéter", "répète répètent répétait répétaient répéta répétèrent répétera répéteront répéterait répéteraient"),
    ("exiger", "exige exigent exigeait exigeaient exigea exigèrent exigera exigeront exigerait exigeraient"),
    ("réagir", "réagit réagissent réagissait réagissaient réagirent réagira réagiront réagirait réagiraient"),
    ("balayer", "balaie balaient balayait balayaient balaya balayèrent balaiera balaieront balaierait balaieraient"),
    ("relever", "relève relèvent relevait relevaient releva relevèrent relèvera relèveront relèverait relèveraient"),
])  # fmt: skip
def test_french_third_persons_of_all_tenses(lemma, forms):
    assert set(inflect(lemma, "", "fr").finite) == set(forms.split())


def test_an_irregular_french_verb_is_made_of_its_principal_parts():
    forms = inflect("dire", "dit,disent,dis,dir,dit,dirent,dit", "fr")
    assert {"dit", "disent", "disait", "dira", "dirait", "dirent"} <= set(forms.finite)
    assert forms.participle == ("dit", "dits", "dite", "dites")
    assert (forms.gerund, forms.infinitive) == (("disant",), ("dire",))


@pytest.mark.parametrize(("lemma", "parts", "finite", "participle", "gerund"), [
    ("deny", "", ("deny", "denies", "denied"), "denied", "denying"),
    ("admit", "", ("admit", "admits", "admitted"), "admitted", "admitting"),
    ("stress", "", ("stress", "stresses", "stressed"), "stressed", "stressing"),
    ("accuse", "", ("accuse", "accuses", "accused"), "accused", "accusing"),
    ("say", "said,said", ("say", "says", "said"), "said", "saying"),
    ("write", "wrote,written", ("write", "writes", "wrote"), "written", "writing"),
])  # fmt: skip
def test_english_forms(lemma, parts, finite, participle, gerund):
    forms = inflect(lemma, parts, "en")
    assert (forms.finite, forms.participle, forms.gerund) == (finite, (participle,), (gerund,))


def test_other_languages_list_their_forms():
    forms = inflect("decir", "dice dijo|dicho|diciendo", "es")
    assert (forms.finite, forms.participle, forms.gerund) == (("dice", "dijo"), ("dicho",), ("diciendo",))
