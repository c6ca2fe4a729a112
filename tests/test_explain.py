import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance import bundle
from stance.errors import ConfigError, DataError
from stance.explain import explain
from stance.features import Block
from stance.model import Model
from stance.pages.words import words_of
from stance.seen import seen_hashes
from tests.pagechecks import HOSTILE, LOW_CONTRAST, check_accessible, check_inert
from tests.report.builders import dataset, fit_of, model_with_test

ARTICLE = """Washington et Moscou renouent le dialogue

Les deux ministres ont signé un accord, a indiqué le Kremlin. « L'armée a menacé de rompre les relations », a averti Paris.

Des désaccords
Le ministère a condamné l'attaque. Wzyx qqq.
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, made = model_with_test(dataset())
    folder = tmp_path_factory.mktemp("run") / "model"
    bundle.save(made, folder, card="# made\n")
    return folder


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def made_page(model: Path, source: Path, **settings: object) -> tuple[str, dict]:
    page = source.parent / "page.html"
    explain(model=str(model), input=str(source), output=str(page), **settings)
    content = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    return page.read_text(encoding="utf-8"), content


def test_contributions_add_up_to_the_decision_and_spans_give_the_text_back(model, article):
    _, content = made_page(model, article)
    text = content["article"]["text"]
    scored = [s for s in content["statements"] if s["status"] == "scored"]
    assert len(scored) >= 3
    for s in content["statements"]:
        assert text[s["start"] : s["end"]] == s["text"]
        if s["speaker"] is not None:
            assert text[s["speaker_start"] : s["speaker_end"]] == s["speaker"]
    for s in scored:
        terms = sum(term["contribution"] for term in s["terms"]) + s["other_terms"]["contribution"]
        words = sum(word["contribution"] for word in s["words"])
        assert s["intercept"] + terms == pytest.approx(s["decision"], abs=1e-9)
        assert s["intercept"] + words + s["unplaced"] == pytest.approx(s["decision"], abs=1e-9)
        assert sum(s["probabilities"].values()) == pytest.approx(1)
        assert s["predicted"] == max(s["probabilities"], key=s["probabilities"].get)


def test_a_model_that_sees_no_names_marks_words_and_no_name():
    fit = fit_of(dataset())
    made = _model(replace(fit, features=replace(fit.features, actors="mask"), counted=None))
    text = "La Russie et le ministère ont condamné l'accord."
    explanation = made.explain(text)
    placed = [term for term in explanation.terms if term.spans]
    assert {"condamné", "accord"} & {term.term for term in placed}
    name = range(text.index("Russie"), text.index("Russie") + len("Russie"))
    assert not any(set(range(*span)) & set(name) for term in placed for span in term.spans)
    words = words_of(explanation)
    total = explanation.intercept + words.unplaced + sum(p.contribution for p in words.pieces)
    assert total == pytest.approx(explanation.decision, abs=1e-9)


def test_decisions_are_those_of_the_model(model, article):
    _, content = made_page(model, article)
    loaded = bundle.load(model)
    texts = [s["text"] for s in content["statements"] if s["status"] == "scored"]
    shown = [s["probabilities"] for s in content["statements"] if s["status"] == "scored"]
    expected = loaded.predict_proba(texts)
    found = np.asarray([[p[name] for name in loaded.classes] for p in shown])
    assert np.abs(found - expected).max() < 1e-9


def test_a_statement_without_known_words_has_no_tone(model, article):
    page, content = made_page(model, article)
    (unknown,) = [s for s in content["statements"] if s["text"] == "Wzyx qqq."]
    assert unknown["status"] == "out_of_vocabulary"
    assert unknown["terms"] == []
    assert "no known word" in page
    assert sum(content["tones"]["n_per_class"].values()) == content["tones"]["n_statements"]
    assert sum(row["n_statements"] for row in content["speakers"]) == content["tones"]["n_statements"]


def test_headings_are_shown_and_not_scored(model, article):
    page, content = made_page(model, article)
    assert [s["text"] for s in content["statements"] if s["kind"] == "heading"][:1] == [
        ARTICLE.split("\n")[0]
    ]
    assert all(s["number"] is None for s in content["statements"] if s["kind"] == "heading")
    assert "<h3>Washington et Moscou" in page


def test_the_page_is_inert_and_accessible(model, article):
    page, _ = made_page(model, article)
    check_inert(page, n_scripts=0)
    check_accessible(page)


def test_a_hostile_article_with_hostile_names_stays_text(tmp_path):
    _, made = model_with_test(dataset(tuple(name + HOSTILE for name in ("a", "b")), extra=HOSTILE))
    folder = tmp_path / "model"
    bundle.save(made, folder, card="# made\n")
    table = tmp_path / "articles.jsonl"
    row = {
        "article_id": HOSTILE,
        "title": HOSTILE,
        "source": HOSTILE,
        "text": f"{ARTICLE}\n{HOSTILE} a signé, a dit {HOSTILE}.",
    }
    table.write_text(json.dumps(row), encoding="utf-8")
    page, _ = made_page(folder, table)
    check_inert(page, n_scripts=0)
    check_accessible(page)
    assert "\u202e" not in page
    assert "{{ 7*7 }}" in page


def test_the_same_article_gives_the_same_bytes(model, article):
    assert made_page(model, article) == made_page(model, article)


def test_without_an_output_the_statements_are_printed(model, article, capsys):
    explain(model=str(model), input=str(article))
    out = capsys.readouterr().out
    assert "[le Kremlin]" in out or "[Kremlin]" in out
    assert "no known word  Wzyx qqq." in out
    assert "statements with a tone" in out


def test_controls_of_a_text_are_shown_on_the_terminal(model, capsys):
    explain(model=str(model), text="Les ministres ont signé \x1b[31m un accord.")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "1 statement with a tone" in out


def test_a_statement_in_a_language_that_the_model_has_not_learnt_is_named(model, tmp_path, caplog):
    source = tmp_path / "a.txt"
    source.write_text(
        "Die beiden Minister haben am Montag in Berlin ein Abkommen unterzeichnet.", encoding="utf-8"
    )
    page, content = made_page(model, source)
    assert content["unfamiliar_languages"] == ["de"]
    assert "Not trained on de." in page
    assert "not trained on de" in caplog.text


def test_speakers_are_counted_once_whatever_their_case(model, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(
        "La Maison Blanche a salué l'accord. « L'accord tient », a indiqué la Maison Blanche.",
        encoding="utf-8",
    )
    _, content = made_page(model, source)
    named = [row for row in content["speakers"] if row["speaker"] is not None]
    assert len(named) == 1
    assert named[0]["n_statements"] == 2


def test_one_article_of_a_table_is_chosen_by_its_id(model, tmp_path):
    table = tmp_path / "articles.jsonl"
    rows = [{"article_id": f"paris-{i}", "text": f"Le ministre {i} a signé."} for i in range(3)]
    table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    _, content = made_page(model, table, article="paris-1")
    assert content["article"]["text"] == "Le ministre 1 a signé."
    with pytest.raises(
        DataError, match=r"several articles \('paris-0', 'paris-1', 'paris-2'\). Name the one"
    ):
        explain(model=str(model), input=str(table))
    with pytest.raises(DataError, match=r"no article 'pari-1'.*Did you mean 'paris-1'"):
        explain(model=str(model), input=str(table), article="pari-1")


@pytest.mark.parametrize("article", [None, "paris"])
def test_statements_in_place_of_articles_are_refused(model, tmp_path, article):
    table = tmp_path / "statements.jsonl"
    rows = [{"article_id": "paris", "text": f"Le ministre {i} a signé."} for i in range(3)]
    table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(DataError, match="several rows are of article 'paris', as statements are"):
        explain(model=str(model), input=str(table), article=article)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({}, ConfigError, "one of them is needed"),
        ({"text": "a", "input": "b"}, ConfigError, "one of them is needed"),
        ({"text": " "}, DataError, "it is empty"),
        ({"text": "a", "output": "page.pdf"}, ConfigError, "ends in .html"),
        ({"input": "absent.txt"}, DataError, "absent.txt"),
    ],
)
def test_wrong_settings_are_refused(model, settings, error, message):
    with pytest.raises(error, match=message):
        explain(model=str(model), **settings)


@pytest.mark.parametrize("suffix", [".html", ".json"])
def test_the_input_is_never_written_over(model, tmp_path, suffix):
    source = tmp_path / f"a{suffix}"
    source.write_text("<p>Le ministre a signé.</p>", encoding="utf-8")
    with pytest.raises(ConfigError, match="the input itself"):
        explain(model=str(model), input=str(source), output=str(tmp_path / "a.html"))


def test_a_model_that_reads_a_target_asks_for_it(tmp_path):
    labelled = dataset()
    fit = fit_of(labelled)
    blocks = {**fit.features.blocks, "target": Block(field="target")}
    data = replace(fit.data, targets=["the accord"] * len(fit.data.texts))
    made = replace(fit, data=data, features=replace(fit.features, blocks=blocks), counted=None)
    seen = seen_hashes(made.data.texts, ["a"])
    fitted = replace(_model(made), facts={"dataset": "made"}, seen=seen)
    bundle.save(fitted, tmp_path / "model", card="# made\n")
    with pytest.raises(ConfigError, match="target is null"):
        explain(model=str(tmp_path / "model"), text="Le ministre a signé un accord.")
    found = explain(model=str(tmp_path / "model"), text="Le ministre a signé un accord.", target="the accord")
    assert "accord" in {term.term for term in found.scored[0].explanation.terms if term.block == "target"}
    assert found.scored[0].words.unplaced != 0
    row = {"article_id": "a", "text": "Le ministre a signé un accord.", "target": "the accord"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    read = explain(model=str(tmp_path / "model"), input=str(tmp_path / "a.jsonl"))
    assert read.scored[0].explanation == found.scored[0].explanation


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("negated+polarity", ["begins with not_ is a word in the reach of a negation."]),
        (
            "aside+reversed+polarity",
            ["begins with not_", "such as refuse, lift or end", "begins with aside_"],
        ),
    ],
)
def test_the_page_says_what_marks_in_terms_mean_where_there_are_some(model, article, tmp_path, field, words):
    fit = fit_of(dataset())
    blocks = {**fit.features.blocks, "polarity": Block(field=field)}
    made = _model(replace(fit, features=replace(fit.features, blocks=blocks), counted=None))
    facts = {"dataset": "made"}
    bundle.save(
        replace(made, facts=facts, seen=seen_hashes(fit.data.texts, ["a"])),
        tmp_path / "model",
        card="# made\n",
    )
    marked, _ = made_page(tmp_path / "model", article)
    plain, _ = made_page(model, article)
    for said in (*words, "what a lexicon says of a word"):
        assert said in marked
        assert said not in plain


def _model(fit) -> Model:
    return fit.model(np.arange(len(fit.data.y)), np.zeros(0, dtype=np.int64))


def test_the_command_runs_as_typed(model, article, tmp_path):
    from tests.programs import run

    folder = tmp_path / "l'été, 1 #2"
    folder.mkdir()
    shutil.copy(article, folder / "à lire.txt")
    done = run(
        "explain",
        f"model={model}",
        f"input={folder / 'à lire.txt'}",
        f"output={folder / 'page.html'}",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "page.html").exists()
    assert "page.json" in done.stdout


def test_in_a_browser_the_page_asks_for_nothing_and_shows_why(model, article, tmp_path):
    from tests.browser import open_browser

    made_page(model, article)
    page = article.parent / "page.html"
    shown = "[...document.querySelectorAll('.why')].filter((e) => e.checkVisibility()).map((e) => e.parentElement.id)"
    with open_browser(tmp_path / "profile") as tab:
        tab.view(1280, 900)
        tab.open(page)
        assert tab.complaints == []
        assert tab.requests == [page.as_uri()]
        assert tab.value(shown) == []
        tab.point_at("#s2 .statement")
        assert tab.value(shown) == ["s2"]
        assert (
            tab.value("getComputedStyle(document.querySelector('#s2 .word')).textDecorationLine")
            == "underline"
        )
        assert tab.value("getComputedStyle(document.querySelector('#s1 .word')).textDecorationLine") == "none"
        number = "getComputedStyle(document.querySelector('#s2 .word[data-adds]'), '::after').content"
        assert tab.value(number).strip('"').startswith(("+", "−"))
        tab.point_at("h1")
        tab.value("document.querySelector('#s1 .statement').focus()")
        assert tab.value(shown) == ["s1"]
        for _ in range(3):
            tab.press("Tab", 9)
            if tab.value("document.activeElement.closest('.said')?.id") == "s2":
                break
        assert tab.value(shown) == ["s2"]
        tab.press("Enter", 13)
        tab.value("document.activeElement.blur()")
        assert tab.value("location.hash") == "#s2"
        assert tab.value(shown) == ["s2"]
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                tab.view(width, 800, scheme=scheme)
                assert tab.value(LOW_CONTRAST) == []
                assert tab.value("document.documentElement.scrollWidth") <= width
        tab.value("document.querySelector('#s2 .close').click()")
        assert tab.value(shown) == []
        tab.view(800, 1100, media="print")
        assert tab.value(shown) == []
        assert tab.pdf().startswith(b"%PDF")
        assert tab.complaints == []
        assert tab.requests == [page.as_uri()]
