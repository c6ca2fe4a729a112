"""Parts and folds that keep articles and copies whole: nothing learnt from a text is tested on it."""

from stance.split.chosen import ByDate, ByOutlet, Given, LeaveOneOut
from stance.split.dealing import deal_folds
from stance.split.parts import Parts, Split
from stance.split.stratified import ByArticle, KFold
from stance.split.units import whole_units

__all__ = [
    "ByArticle",
    "ByDate",
    "ByOutlet",
    "Given",
    "KFold",
    "LeaveOneOut",
    "Parts",
    "Split",
    "deal_folds",
    "whole_units",
]
