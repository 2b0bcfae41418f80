"""A real disk that is full: a file system of its own in memory. Where none may be mounted, the test is skipped."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, kilobytes: int, files: int = 0) -> Iterator[Path]:
    """`folder` as a disk of this size; with `files`, it also takes no more than so many files and folders."""
    folder.mkdir(exist_ok=True)
    options = f"size={kilobytes}k,mode=0700" + (f",nr_inodes={files + 1}" if files else "")
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
