import pytest

from tests.segmentation.cases import (
    LANGUAGES,
    load_cases,
    load_corpus,
    score_boundaries,
    score_kinds,
    score_speakers,
)

# Floors a little below what is reached. Print the figures: python -m tests.segmentation.test_cases
BOUNDARIES = {"fr": 0.995, "en": 0.995, "de": 0.99, "es": 0.99, "it": 0.99, "pt": 0.99}
SPEAKERS = {"fr": 0.96, "en": 0.985, "de": 0.85, "es": 0.99, "it": 0.99, "pt": 0.99}
KINDS = {"fr": 0.99, "en": 0.99, "de": 0.99, "es": 0.99, "it": 0.99, "pt": 0.99}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_expected_statement_stands_in_its_text(lang):
    for case in load_cases(lang):
        assert len(case.statements) == len(case.kinds) == len(case.speakers)
        covered = "".join(case.statements)
        assert "".join(covered.split()) == "".join(case.text.split()), case.id
        assert all(name is None or name in case.text for name in case.speakers), case.id


@pytest.mark.parametrize(("lang", "count"), [("fr", 300), ("en", 300)])
def test_there_are_hundreds_of_cases(lang, count):
    assert len(load_cases(lang)) >= count


@pytest.mark.parametrize("lang", LANGUAGES)
def test_boundaries_are_those_a_reader_sees(lang):
    score = score_boundaries(load_cases(lang))
    assert min(score.precision, score.recall) >= BOUNDARIES[lang], sorted(score.wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_speakers_are_those_a_reader_names(lang):
    score = score_speakers(load_cases(lang))
    assert min(score.precision, score.recall) >= SPEAKERS[lang], sorted(score.wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_kinds_are_those_a_reader_tells(lang):
    score = score_kinds(load_cases(lang))
    assert score.recall >= KINDS[lang], sorted(score.wrong)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_statements_of_the_corpus_are_found_again(lang):
    cases = load_corpus(lang)
    assert len(cases) > 100
    assert score_boundaries(cases).f1 >= 0.995


if __name__ == "__main__":
    for language in LANGUAGES:
        cases = load_cases(language)
        for name, scored in (
            ("boundaries", score_boundaries),
            ("speakers", score_speakers),
            ("kinds", score_kinds),
        ):
            result = scored(cases)
            print(
                f"{language} {name}: precision {result.precision:.4f}, recall {result.recall:.4f}, "
                f"F1 {result.f1:.4f}; wrong: {' '.join(sorted(result.wrong)) or 'none'}"
            )
