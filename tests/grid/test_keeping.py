"""What is sent to be read lies on the disk for as long as that takes, and a full disk is a refusal there as well."""

import errno

import pytest

from grid import problems
from grid.keeping import on_disk


def test_what_was_sent_lies_on_the_disk_for_as_long_as_it_is_read():
    with on_disk([b"a", b"bc"]) as path:
        assert path.read_bytes() == b"abc"
        assert path.stat().st_mode & 0o077 == 0
    assert not path.exists()


def test_a_full_disk_is_a_refusal():
    def pieces():
        yield b"a"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(problems.NoRoom), on_disk(pieces()):
        pass


def test_a_fault_of_the_reader_stays_what_it_is():
    with pytest.raises(OSError, match="reader"), on_disk([b"a"]):
        raise OSError("reader")
