import errno
import os

import pytest

from stance.errors import output_error


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
