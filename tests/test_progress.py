import logging
import re
import sys

import pytest

from stance.progress import Advance, bar, steps


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
