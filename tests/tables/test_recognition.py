"""What a file is shown to be by its first bytes, in no time whatever they are."""

import time

import pytest

from stance.tables.recognition import START_BYTES, looks_like


@pytest.mark.parametrize(
    "start",
    [b"<!-->", b"<!-- -->", b"<!--", b"<?xml>", b"<?xml ?><!-->", b"<a ", b" ", b"../", b"c.\n", b"x^", b"PK\x03\x04", b"("],
    ids=repr,
)  # fmt: skip
def test_no_start_takes_long_to_look_at(start):
    started = time.process_time()
    looks_like(start * (START_BYTES // len(start) + 1))
    assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    "start",
    [b"<html>", b" <!-- a --> <!-- b --><!DOCTYPE html>", b'<?xml version="1.0"?>\n<!-- a --> <html x>'],
)
def test_a_page_is_one_behind_declarations_and_comments(start):
    assert looks_like(start) == "a web page"
