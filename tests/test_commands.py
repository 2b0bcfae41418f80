"""The commands are listed where one looks for them, and the scripts are in order."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()
PROMISED = {"run", "demo-reset", "test", "fast", "bench", "story", "help", "lint", "clean"}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.MULTILINE))


def listed() -> set[str]:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^\s+make ([a-z-]+)", shown, re.MULTILINE))


def test_help_lists_every_target():
    assert listed() == targets()


def test_what_is_promised_is_there():
    assert targets() >= PROMISED


def test_no_target_is_taken_for_a_file():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony.group(1).split()) == targets()


def test_make_alone_explains_itself():
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "make run" in shown


def test_the_proof_runs_make_test_and_can_be_started():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert "make --no-print-directory test" in script.read_text()
