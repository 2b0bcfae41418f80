"""New cases for everything that is held against generated input, round after round until the time is over.

    python -m tests.fuzz 10        minutes; the first fault ends it and is printed with what shrinks it

`make test` asks the same tests with the same cases each time, so that one commit gives one answer. A case that
failed here is kept as an @example, or as a test of its own, beside the property it broke.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTHING_FOUND = 0


def main(minutes: float) -> int:
    until = time.monotonic() + minutes * 60
    rounds = 0
    while time.monotonic() < until:
        seed = random.randrange(2**32)
        command = ["-m", "pytest", "-q", "-n", os.environ.get("WORKERS", "2"), "-x", "-m", "fuzz"]
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, *command, f"--hypothesis-seed={seed}"],
            cwd=ROOT,
            env={**os.environ, "FUZZ": "1"},
        )
        rounds += 1
        print(f"· round {rounds}, seed {seed}: {time.monotonic() - began:.0f} s", flush=True)
        if done.returncode != NOTHING_FOUND:
            print(f"a fault was found; again with: FUZZ=1 pytest -m fuzz --hypothesis-seed={seed}")
            return done.returncode
    print(f"{rounds} rounds of new cases in {minutes:g} minutes: nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
