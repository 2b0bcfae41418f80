"""The packages from outside: locked to the bytes of their files, and asked for known weaknesses.

    python3 project/packages.py lock     writes project/python.lock for what the three requirements.txt pin
    python3 project/packages.py audit    known weaknesses of the Python and npm packages
    python3 project/packages.py hashed requirements.txt    its pins with their hashes, for pip
    python3 project/packages.py hooks    git asks .pre-commit-config.yaml before each commit from now on

Standard library only, like the bootstrap. `audit` ends with 0 when every package was looked up and none is known to
be weak, 1 when one is, 2 when a source of advisories could not be asked: not having asked is no good news.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "project/python.lock"
PINS = ("requirements.txt", "tests/requirements.txt", "deploy/requirements.txt")
TOOLS = {"uv": "uv==0.13.9", "pip-audit": "pip-audit==2.10.1", "pre-commit": "pre-commit==4.7.0"}


def pins(*files: Path) -> list[str]:
    """The lines `name==version` of requirement files, those they point at with -r included, each once."""
    found: dict[str, None] = {}
    for file in files:
        for line in file.read_text().splitlines():
            if line.startswith("-r "):
                found |= dict.fromkeys(pins(file.parent / line[3:].strip()))
            elif line and not line.startswith("#"):
                found[line.strip()] = None
    return list(found)


def named(pin: str) -> str:
    """The spelling under which a package is the same: `Django[x]==5` → `django==5`."""
    name, version = re.sub(r"\[.*\]", "", pin).split("==")
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"


def locked(wanted: Path) -> str:
    """The lines of a requirements file with the hashes of its packages, for `pip install --require-hashes`.

    Raises KeyError for a pin that is not in the lock: `make lock` was forgotten.
    """
    lock = {named(line.split(" ")[0]): line.partition(" ")[2] for line in LOCK.read_text().splitlines()}
    return "".join(f"{pin} {lock[named(pin)]}\n" for pin in pins(wanted))


def tool(name: str) -> Path:
    """A program with an environment of its own: what looks after the packages is none of them."""
    home = ROOT / "var/made" / name
    if not (home / "bin" / name).exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/pip", "install", "-qq", TOOLS[name]], check=True)
    return home / "bin"


def write_lock() -> int:
    """One line a package: its pin and the hash of every file that was published for it."""
    compiled = subprocess.run(
        [
            *(
                tool("uv") / "uv",
                "pip",
                "compile",
                "--quiet",
                "--no-deps",
                "--generate-hashes",
                "--universal",
            ),
            *("--python-version", "3.11", "--no-header", "--no-annotate", "-"),
        ],
        input="\n".join(pins(*(ROOT / name for name in PINS))),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.replace("\\\n", "")
    lines = [" ".join(line.split()) for line in compiled.splitlines() if "==" in line]
    LOCK.write_text("\n".join(lines) + "\n")
    print(f"{LOCK.relative_to(ROOT)}: {len(lines)} packages, {compiled.count('--hash=')} files")
    return 0


def audit() -> int:
    """Asks both sources and says of each what it answered."""
    return max(_audit_python(), _audit_npm(), key=[0, 2, 1].index)


def _audit_python() -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(LOCK.read_text())
        file.flush()
        options = ("--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json", "-r", file.name)
        answer = _json_of(tool("pip-audit") / "pip-audit", *options)
    packages = (answer or {}).get("dependencies", [])
    weak = {p["name"]: [v["id"] for v in p["vulns"]] for p in packages if p.get("vulns")}
    unknown = sum("skip_reason" in p for p in packages)
    return _report("Python", len(packages), weak, unknown if packages else None)


def _audit_npm() -> int:
    os.environ["PATH"] = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    answer = _json_of(Path("npm"), "audit", "--json")
    if answer is None or "vulnerabilities" not in answer:
        return _report("npm", 0, {}, None)
    weak = {name: [str(row["severity"])] for name, row in answer["vulnerabilities"].items()}
    return _report("npm", answer["metadata"]["dependencies"]["total"], weak, 0)


def _json_of(*command: Path | str) -> dict[str, Any] | None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _report(what: str, asked: int, weak: dict[str, list[str]], unknown: int | None) -> int:
    if unknown is None:
        print(f"{what}: the source of advisories could not be asked")
        return 2
    for name, advisories in weak.items():
        print(f"{what}: {name}: {', '.join(advisories)}")
    print(f"{what}: {asked} packages, {len(weak)} with known weaknesses, {unknown} could not be looked up")
    return 1 if weak else 2 if unknown else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["lock"]:
            sys.exit(write_lock())
        case ["audit"]:
            sys.exit(audit())
        case ["hooks"]:
            sys.exit(subprocess.run([tool("pre-commit") / "pre-commit", "install"], cwd=ROOT).returncode)
        case ["hashed", name]:
            sys.stdout.write(locked(ROOT / name))
        case _:
            sys.exit(__doc__)
