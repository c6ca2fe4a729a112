"""What every split promises: whole articles, whole clusters of copies, no row lost, no order of rows."""

import time

import numpy as np
import pytest

from stance.duplicates import clusters
from stance.errors import ConfigError, SplitError
from stance.split import ByArticle, ByDate, ByOutlet, Given, KFold, LeaveOneOut
from tests.split.builders import labelled, press_archive, random_texts

SPLITS = {
    "by_article": ByArticle(fractions={"train": 0.6, "calibrate": 0.2, "test": 0.2}, seed=1),
    "k_fold": KFold(n_folds=4, seed=1),
    "by_date": ByDate(test_from="2018-06-01", calibrate_from="2017-06-01"),
    "by_date_share": ByDate(test_from=0.3),
    "by_outlet": ByOutlet(test=["El País"]),
    "leave_one_out": LeaveOneOut(field="source"),
    "given": Given(on_crossing="leave_out"),
}


@pytest.mark.parametrize("split", SPLITS.values(), ids=SPLITS.keys())
@pytest.mark.parametrize("seed", range(4))
class TestEverySplit:
    def test_no_article_and_no_cluster_of_copies_is_in_two_parts(self, split, seed):
        dataset = press_archive(seed)
        for parts in split(dataset).folds:
            for units in (np.asarray(dataset["article_id"][:]), clusters(dataset["text"][:])):
                sets = [set(units[rows]) for rows in (parts.train, parts.calibrate, parts.test)]
                assert not sets[0] & sets[1]
                assert not sets[0] & sets[2]
                assert not sets[1] & sets[2]

    def test_parts_are_sorted_and_hold_each_row_once(self, split, seed):
        dataset = press_archive(seed)
        for parts in split(dataset).folds:
            rows = (parts.train, parts.calibrate, parts.test, parts.left_out)
            assert all((np.diff(part) > 0).all() for part in rows)
            assert sorted(np.concatenate(rows)) == list(range(len(dataset)))

    def test_the_order_of_rows_changes_nothing(self, split, seed):
        dataset = press_archive(seed)
        order = np.random.default_rng(seed).permutation(len(dataset))
        for parts, again in zip(split(dataset).folds, split(dataset.select(order)).folds, strict=True):
            for name in ("train", "calibrate", "test", "left_out"):
                np.testing.assert_array_equal(np.sort(order[getattr(again, name)]), getattr(parts, name))


def test_folds_test_each_statement_once():
    dataset = press_archive()
    folds = KFold(seed=3)(dataset).folds
    assert sorted(np.concatenate([parts.test for parts in folds])) == list(range(len(dataset)))
    assert all(len(parts.left_out) == 0 for parts in folds)


def test_train_was_published_before_test():
    dataset = press_archive()
    (parts,) = ByDate(test_from=0.3, calibrate_from=0.2)(dataset).folds
    days = np.asarray(dataset["published_on"][:])
    assert max(days[parts.train]) < min(days[parts.calibrate])
    assert max(days[parts.calibrate]) < min(days[parts.test])
    assert 0.2 < len(parts.test) / len(dataset) < 0.4
    assert 0.1 < (len(parts.calibrate)) / len(dataset) < 0.3


def test_dates_of_years_alone_are_compared_as_years():
    rng = np.random.default_rng(0)
    years = ["2001", "2002-05-01", "2002-06-01", "2003-01-01"] * 2
    dataset = labelled(random_texts(rng, 8), [0, 0, 0, 0, 1, 1, 1, 1], published_on=years)
    (parts,) = ByDate(test_from="2002-06-01")(dataset).folds
    assert parts.train.tolist() == [0, 4]
    (by_year,) = ByDate(test_from=2003)(dataset).folds
    assert by_year.test.tolist() == [3, 7]


def test_an_outlet_is_tested_alone_and_wire_copy_is_not_trained_on():
    dataset = press_archive(n_copies=40)
    split = LeaveOneOut(field="source")(dataset)
    outlets = np.asarray(dataset["source"][:])
    assert len(split.folds) == 3
    for parts in split.folds:
        (name,) = set(outlets[parts.test])
        assert len(parts.test) == (outlets == name).sum()
        assert len(parts.left_out) > 0


def test_a_pair_of_actors_is_one_value_in_any_order():
    from datasets import ClassLabel, Dataset, Features, List, Value

    texts = random_texts(np.random.default_rng(0), 40)
    pairs = [["FRA", "DEU"], ["DEU", "FRA"], ["FRA", "RUS"], None] * 10
    features = Features(
        text=Value("string"), label=ClassLabel(names=["cooperative", "tense"]), actors=List(Value("string"))
    )
    labels = [i // 4 % 2 for i in range(40)]
    dataset = Dataset.from_dict({"text": texts, "label": labels, "actors": pairs}, features=features)
    folds = LeaveOneOut(field="actors", min_statements=10)(dataset).folds
    assert [len(parts.test) for parts in folds] == [20, 10]
    assert all(set(range(3, 40, 4)) <= set(parts.train.tolist()) for parts in folds)


def test_two_columns_of_actors_are_one_pair_in_any_order():
    texts = random_texts(np.random.default_rng(0), 40)
    actors = {"one": ["FRA", "DEU", "FRA", None] * 10, "other": ["DEU", "FRA", "RUS", "RUS"] * 10}
    dataset = labelled(texts, [i // 4 % 2 for i in range(40)], **actors)
    folds = LeaveOneOut(field=["one", "other"], min_statements=10)(dataset).folds
    assert [len(parts.test) for parts in folds] == [20, 10]
    assert all(set(range(3, 40, 4)) <= set(parts.train.tolist()) for parts in folds)


def test_rows_without_article_are_articles_of_their_own():
    texts = random_texts(np.random.default_rng(0), 20)
    dataset = labelled(texts, [0, 1] * 10, article_id=["a", None, "", "a"] * 5)
    split = ByArticle(fractions={"train": 0.5, "test": 0.5}, seed=0)(dataset)
    assert len(set(split.units)) == 11


def test_a_set_without_articles_is_split_by_statement():
    dataset = labelled(random_texts(np.random.default_rng(0), 100), [0, 1] * 50)
    (parts,) = ByArticle(seed=0)(dataset).folds
    assert (len(parts.train), len(parts.test)) == (80, 20)


def test_all_articles_can_train():
    (parts,) = ByArticle(fractions={"train": 1.0}, seed=0)(press_archive()).folds
    assert len(parts.test) == len(parts.calibrate) == 0


def test_the_time_of_a_split_grows_in_step_with_the_statements():
    rng = np.random.default_rng(0)
    words = np.asarray([f"w{i}" for i in range(20_000)])

    def seconds(n_statements):
        drawn = words[rng.integers(0, 20_000, size=(n_statements, 20))]
        dataset = labelled(
            [" ".join(row) for row in drawn],
            rng.integers(0, 2, size=n_statements),
            article_id=[f"a{i}" for i in rng.integers(0, n_statements // 8, size=n_statements)],
        )
        start = time.process_time()
        (parts,) = ByArticle(seed=0)(dataset).folds
        assert abs(len(parts.test) - n_statements / 5) < 12
        return time.process_time() - start

    seconds(2_000)  # what is imported on the way
    assert seconds(16_000) < 9 * seconds(4_000)  # the square would be 16 times


ARTICLES = {"article_id": ["a", "a", "b", "b", "c", "c", "d", "d"]}
LABELS = [0, 1] * 4


@pytest.mark.parametrize(
    ("split", "columns", "message"),
    [
        (
            ByArticle(fractions={"train": 0.75, "calibrate": 0.05, "test": 0.2}, seed=0),
            ARTICLES,
            r"part 'calibrate' would hold 0 of 4 .*0\.05\. Raise split\.fractions\.calibrate to 0\.25",
        ),
        (
            KFold(n_folds=9, seed=0),
            ARTICLES,
            r"4 articles .* cannot fill 9 folds\. Set split\.n_folds to 4 or less",
        ),
        (ByDate(), ARTICLES, r"no column 'published_on'; it has .*Name one of them as split\.field"),
        (
            ByDate(),
            {"published_on": ["2020-01-01", "2020-01-02", None, "May 3", *["2020-01-04"] * 4]},
            r"no date on 2 of 8 rows, the first is row 3 \(''\).* Add the dates or drop these rows",
        ),
        (
            ByDate(test_from="2031-01-01"),
            {"published_on": ["2020-01-01", "2020-01-02"] * 4},
            r"test_from=2031-01-01 puts all .* from 2020-01-01 to 2020-01-02",
        ),
        (ByDate(test_from="soon"), {"published_on": ["2020-01-01", "2020-01-02"] * 4}, r"is 'soon'; a date"),
        (ByDate(test_from=0.5), {"published_on": ["2020-01-01"] * 8}, r"test_from=0\.5 puts all"),
        (ByOutlet(test=["Le Mond"]), {"source": ["Le Monde", "Die Zeit"] * 4}, r"Did you mean 'Le Monde'\?"),
        (LeaveOneOut(), {"source": ["Le Monde", "Die Zeit"] * 4}, r"has 2 values, of which 0 have 10 stat"),
        (Given(), {"part": ["train", "dev"] * 4}, r"column 'part' has 'dev' on 4 rows; 'train'"),
        (
            Given(),
            {**ARTICLES, "part": ["train", "test"] * 4},
            r"4 statements of part 'test' share .* part 'train' \(4 groups .*on_crossing=leave_out",
        ),
        (
            Given(),
            {"part": ["train", "test"] * 4},
            r"part 'train' would hold 0 of 4 statements of class 'tense', which occur in 4 articles",
        ),
    ],
)
def test_what_cannot_be_split_is_refused_with_counts_and_a_remedy(split, columns, message):
    dataset = labelled(random_texts(np.random.default_rng(0), 8), LABELS, **columns)
    with pytest.raises(SplitError, match=message):
        split(dataset)


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        ({"train": 0.7, "test": 0.2}, r"in sum 0\.9; .*Try split\.fr"),
        ({"test": 1.0}, r"train: 0, .* train above 0"),
    ],
)
def test_fractions_that_are_none_are_refused_before_data_is_read(fractions, message):
    with pytest.raises(ConfigError, match=message):
        ByArticle(fractions=fractions, seed=0)


def test_an_empty_dataset_is_refused():
    with pytest.raises(SplitError, match="has no statements; two articles or more are needed"):
        KFold(seed=0)(labelled([], []))


def test_articles_that_all_share_one_text_cannot_be_split():
    texts = ["le même communiqué pour tous les journaux"] * 6
    dataset = labelled(texts, [0, 1] * 3, article_id=[f"a{i}" for i in range(6)])
    with pytest.raises(SplitError, match="would hold 0 of 1 articles that share no text"):
        ByArticle(seed=0)(dataset)
