"""Predictions: tables of what came in with what a model says, and the parts of a run that makes them."""

from stance.predictions.table import OUT_OF_VOCABULARY, SCORED, output_columns, prediction_table

__all__ = ["OUT_OF_VOCABULARY", "SCORED", "output_columns", "prediction_table"]
