import errno
import os

import pytest

from stance.errors import output_error, printable


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (errno.ENOSPC, "Free space or choose another output, then"),
        (errno.EDQUOT, "Free space or choose another output, then"),
        (errno.EACCES, "Choose an output in a folder that you may write to, then"),
        (errno.EROFS, "Choose an output in a folder that you may write to, then"),
        (errno.EFBIG, "ulimit -f"),
        (errno.EMFILE, "ulimit -n"),
        (errno.ENAMETOOLONG, "Choose a shorter name, then"),
        (errno.EIO, "). Choose another output, then"),
    ],
)
def test_what_keeps_an_output_from_being_written_has_a_way_out_of_its_own(number, step):
    message = str(output_error("out.csv", OSError(number, os.strerror(number))))
    assert message.startswith(f"out.csv: cannot be written ({os.strerror(number)}). ")
    assert step in message
    assert message.endswith(", then run again.")


def test_a_line_that_is_too_long_keeps_its_beginning_and_what_to_do():
    shown = printable(f"{'x' * 5000}.jsonl: no such file. Correct the path.")
    assert len(shown) == 600
    assert shown.startswith("xxx")
    assert shown.endswith(".jsonl: no such file. Correct the path.")
