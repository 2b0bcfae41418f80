"""The operator's guide, followed literally: its shell blocks, by name, run on a machine in a folder."""

import re
import sys
from pathlib import Path

from tests.deploy.machine import ROOT, Machine

sys.path.insert(0, str(ROOT / "deploy"))
from installer.places import Places

GUIDE = ROOT / "deploy/README.md"
CLONED = "https://example.org/grid-canvass.git"


def blocks(guide: Path = GUIDE) -> dict[str, str]:
    """```sh NAME … ``` of the guide: name → lines."""
    return dict(re.findall(r"^```sh (\w[\w-]*)\n(.*?)^```$", guide.read_text(), re.MULTILINE | re.DOTALL))


def follow(machine: Machine, name: str) -> str:
    """Runs a block as it stands, but for the names of places: those of this machine instead of a city's."""
    text = Places({**machine.choices, "ROOT": str(machine.root)}).placed(blocks()[name])
    text = text.replace(CLONED, str(machine.root / "upstream"))
    script = Path(machine.root, "tmp", f"{name}.sh")
    script.write_text(f"set -euo pipefail\n{text}")
    return machine.run("bash", str(script)).stdout
