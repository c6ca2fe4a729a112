import numpy as np

from stance.baselines import baseline_predictions


def test_the_prior_draws_by_the_shares_of_training_and_states_them():
    texts = ["x"] * 4000
    found = baseline_predictions(texts, [None] * 4000, ("a", "b", "c"), {"a": 1, "b": 3}, seed=1)
    drawn = np.bincount(found["prior"].y, minlength=3) / 4000
    assert np.abs(drawn - [0.25, 0.75, 0]).max() < 0.03
    assert found["prior"].probabilities[0].tolist() == [0.25, 0.75, 0]
    assert set(found["majority"].y.tolist()) == {1}
    assert "lexicon" not in found


def test_draws_depend_on_the_seed_alone():
    def drawn(seed):
        return baseline_predictions(["x"] * 50, [None] * 50, ("a", "b"), {"a": 1, "b": 1}, seed=seed)[
            "prior"
        ].y.tolist()

    assert drawn(1) == drawn(1) != drawn(2)


def test_unknown_counts_are_even_shares():
    found = baseline_predictions(["x"], ["fr"], ("cooperative", "tense"), {}, seed=1)
    assert found["prior"].probabilities.tolist() == [[0.5, 0.5]]
    assert set(found) == {"majority", "prior", "lexicon"}
