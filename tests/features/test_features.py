import numpy as np

from stance.features import Block, Features
from tests.texts import SENTENCES

TEXTS = [text for _, text in SENTENCES]


def fit(features: Features, texts: list[str], rows: np.ndarray, targets: list[str] | None = None):
    counts = features.count(texts, targets)
    kept = counts.keep(rows)
    return counts.fitted(kept), counts.matrix(rows, kept)


def test_counts_made_once_give_each_fold_the_features_of_its_own_rows():
    features = Features(
        blocks={"w": Block(ngram_range=(1, 2), min_df=2), "c": Block(analyzer="char_wb", ngram_range=(2, 3))}
    )
    rows = np.asarray([0, 2, 4, 5, 7])
    shared, X = fit(features, TEXTS, rows)
    alone, Y = fit(features, [TEXTS[i] for i in rows], np.arange(len(rows)))
    assert [b.terms for b in shared.blocks] == [b.terms for b in alone.blocks]
    assert abs(X - Y).max() == 0


def test_the_weight_of_a_block_multiplies_its_values():
    plain = Features(blocks={"w": Block()})
    doubled = Features(blocks={"w": Block(weight=2.0)})
    rows = np.arange(len(TEXTS))
    assert abs(fit(plain, TEXTS, rows)[1] * 2 - fit(doubled, TEXTS, rows)[1]).max() < 1e-15


def test_the_joint_field_ties_words_to_the_target():
    features = Features(blocks={"j": Block(field="joint")})
    fitted, _ = fit(features, ["no deal", "no deal"], np.arange(2), ["Sea Law", "Tariffs"])
    assert fitted.blocks[0].terms == ["deal_sealaw", "deal_tariffs", "no_sealaw", "no_tariffs"]
    assert fitted.needs_target
