"""Every form of the repository as the phone gets it and as an XForm, for the phone's own tests.

    python -m tests.contract.forms_dump [more tables…]

prints a JSON list of {form, xml}. Needs no database.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django


def dumped(file: Path) -> dict[str, Any]:
    from tasks.forms.rules.compiling import compile_table, xform
    from tasks.forms.tables import as_json

    table = file.read_text()
    form = compile_table(file.stem, table)
    return {"form": as_json(form), "xml": xform(table, form.version)}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    os.environ.setdefault("DEMO", "1")
    django.setup()
    files = [*sorted(Path("tasks/forms/tables").glob("*.md")), *map(Path, sys.argv[1:])]
    json.dump([dumped(file) for file in files], sys.stdout, ensure_ascii=False)
