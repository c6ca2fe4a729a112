"""Models, and scoring in this process."""

import os
from pathlib import Path

import pytest

from stance.score import score
from tests.predictions.builders import InLine, saved_model


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """A folder with two models, ``a`` and ``b``."""
    folder = tmp_path_factory.mktemp("models")
    saved_model(folder / "a")
    saved_model(folder / "b", C=0.1)
    return folder


@pytest.fixture
def scored(models, tmp_path, monkeypatch):
    """Score an archive in this process, without waiting for the disk."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)

    def run_score(archive, output="scores.jsonl", engine=None, **settings):
        settings = {"model": str(models / "a"), "part_rows": 50, **settings}
        return score(input=str(archive), output=str(tmp_path / output), engine=engine or InLine(), **settings)

    return run_score
