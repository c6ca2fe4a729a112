import logging
import re
import sys

import pytest
from rich.console import Console

from stance import progress
from stance.progress import Advance, bar, stage, steps


@pytest.mark.parametrize(("level", "is_shown"), [(logging.INFO, True), (logging.WARNING, False)])
def test_a_bar_is_shown_on_a_terminal_unless_the_log_is_quiet(level, is_shown, caplog, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with caplog.at_level(level, "stance.progress"), bar(3, "folds") as advance:
        assert (type(advance) is not Advance) == is_shown


def test_without_a_terminal_a_line_is_logged_now_and_then(caplog, monkeypatch):
    monkeypatch.setattr("stance.progress.LINE_EVERY_S", 0.0)
    with caplog.at_level(logging.INFO, "stance.progress"):
        assert list(steps("ab", "folds")) == ["a", "b"]
    assert [message.partition(",")[0] for message in caplog.messages] == ["folds: 1 of 2", "folds: 2 of 2"]
    assert all(message.endswith("0.0 s each, 0 s left") for message in caplog.messages)


def test_what_has_a_unit_is_told_by_second(caplog, monkeypatch):
    monkeypatch.setattr("stance.progress.LINE_EVERY_S", 0.0)
    with caplog.at_level(logging.INFO, "stance.progress"), bar(None, "scoring", "rows") as advance:
        advance(3)
    assert re.fullmatch(r"scoring: 3, [\d,]+ rows/s", caplog.messages[0])


def screen() -> str:
    """What the bars show, without the bars."""
    assert progress._shown is not None
    console = Console(width=80, color_system=None)
    with console.capture() as captured:
        console.print(progress._shown.get_renderable())
    return re.sub(r"[━╺╸ ]+", " ", captured.get()).strip()


def test_a_stage_says_on_a_log_what_is_done_and_on_a_terminal_for_how_long(caplog, monkeypatch):
    with caplog.at_level(logging.INFO, "stance.progress"), stage("splitting"):
        assert caplog.messages == ["splitting"]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with caplog.at_level(logging.INFO, "stance.progress"), stage("splitting"):
        with bar(1000, "searching") as advance:
            advance(250)
            stages, searching = screen().splitlines()
        assert stages.strip() == "splitting 0:00:00"
        assert searching.startswith("searching 250 of 1,000, 0.0 s each")
        assert screen() == "splitting 0:00:00"
    assert caplog.messages == ["splitting"]
    assert progress._shown is None


def test_bars_over_millions_of_rows_fit_into_80_columns(caplog, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with caplog.at_level(logging.INFO, "stance.progress"), bar(12_000_000, "scoring", "rows") as advance:
        advance._started -= 120
        advance(11_000_000)
        assert re.fullmatch(
            r"scoring 11,000,000 of 12,000,000, 91,\d{3} rows/s( 0:\d\d:\d\d left)?", screen()
        )
