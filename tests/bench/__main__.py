"""Every benchmark in this folder, one after the other, each in a process of its own.

`python -m tests.bench [name …]` on whichever database the environment names; `make bench` does both.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(chosen: list[str]) -> int:
    names = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    failed = []
    for name in names:
        if not chosen or name.removeprefix("bench_") in chosen:
            print(f"\n== {name.removeprefix('bench_')}", flush=True)
            if subprocess.run([sys.executable, "-m", f"tests.bench.{name}"]).returncode:
                failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
