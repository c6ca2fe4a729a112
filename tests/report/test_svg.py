import re
import warnings
from xml.etree import ElementTree

import numpy as np
import pytest

from stance.report import figures
from tests.pagechecks import HOSTILE

COLOURS = {"cooperative": 0, HOSTILE: 1}
COUNTS = {"confusion": {"classes": list(COLOURS), "counts": [[5, 1], [0, 9]]}}
WHOLE = {"estimate": 0.7, "lower": 0.6, "upper": 0.8}
POINT = {"n_articles": 8, "macro_f1": WHOLE}


def drawn():
    bins = [
        {
            "lower": 0.4,
            "upper": 0.6,
            "n_statements": 3,
            "confidence": 0.55,
            "accuracy": 0.5,
            "accuracy_interval": [0.2, 0.8],
        },
        {
            "lower": 0.8,
            "upper": 1.0,
            "n_statements": 9,
            "confidence": 0.9,
            "accuracy": 1.0,
            "accuracy_interval": [None, None],
        },
    ]
    slices = {
        f"lang={name}": {"macro_f1": WHOLE if name else {"estimate": None}, "n_statements": 40}
        for name in ("fr", HOSTILE, "日本語", "")
    }
    slices["source=x"] = {"macro_f1": {"estimate": 0.5, "lower": None, "upper": None}, "n_statements": 31}
    curve = {
        "points": [POINT, {**POINT, "n_articles": 16}],
        "limit": 0.9,
        "lack": 1,
        "rate": 0.5,
        "doubled": WHOLE,
    }
    return {
        "confusion": figures.confusion_figure(COUNTS, COLOURS),
        "reliability": figures.reliability_figure({"reliability": bins}),
        "slices": figures.slices_figure(slices, WHOLE),
        "weights": figures.weights_figure(
            {"cooperative": [("accord", 0.5)], HOSTILE: [(HOSTILE, 0.4), ("b", 0.1)]}, COLOURS
        ),
        "curve": figures.curve_figure(curve),
        "ranking": figures.ranking_figure(
            np.arange(60) % 2, np.random.default_rng(0).dirichlet([1, 1], 60), COLOURS
        ),
    }


@pytest.fixture(scope="module")
def pictures():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return drawn()


def test_figures_are_the_same_bytes_each_time(pictures):
    assert drawn() == pictures


def test_figures_hold_no_style_address_script_or_metadata(pictures):
    for name, picture in pictures.items():
        assert not re.search(
            r"style|http|xmlns|xlink|<!|metadata|<image|<script|onerror=[^&]*\"",
            picture.replace("onerror=alert(2)", ""),
        ), name
        root = ElementTree.fromstring(picture)
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"]


def test_ids_of_figures_begin_with_their_name_and_every_reference_has_one(pictures):
    for name, picture in pictures.items():
        elements = list(ElementTree.fromstring(picture).iter())
        ids = [e.attrib["id"] for e in elements if "id" in e.attrib]
        assert len(ids) == len(set(ids))
        assert all(found.startswith(f"{name}-") for found in ids)
        used = re.findall(r'(?:url\(#|href="#)([\w-]+)', picture)
        assert set(used) == set(ids)


def test_names_are_text_in_the_figure_and_nothing_else(pictures):
    text = "".join(ElementTree.fromstring(pictures["confusion"]).itertext())
    assert "<script>alert(1)</script>" in text
    assert "\u202e" not in text
    assert "\x07" not in text


def test_colours_are_classes_of_the_style_sheet(pictures):
    for picture in pictures.values():
        for element in ElementTree.fromstring(picture).iter():
            for key in ("fill", "stroke"):
                assert element.attrib.get(key, "none") == "none", element.attrib


def test_a_class_that_does_not_occur_has_no_ranking_curve():
    picture = figures.ranking_figure(np.arange(9) % 2 + 1, np.full((9, 3), 1 / 3), {**COLOURS, "tense": 2})
    assert "cooperative" not in "".join(ElementTree.fromstring(picture).itertext())


def test_one_class_alone_has_no_ranking_curves_to_draw():
    assert figures.ranking_figure(np.ones(9, dtype=int), np.full((9, 2), 1 / 2), COLOURS) is None


def test_a_confusion_of_many_classes_is_not_drawn():
    names = [f"class {i}" for i in range(13)]
    metrics = {"confusion": {"classes": names, "counts": np.eye(13, dtype=int).tolist()}}
    assert figures.confusion_figure(metrics, dict.fromkeys(names, 0)) is None


def test_a_persons_own_settings_of_matplotlib_change_nothing(pictures):
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 30, "axes.grid": True, "text.usetex": False, "svg.fonttype": "path"}):
        assert figures.confusion_figure(COUNTS, COLOURS) == pictures["confusion"]
