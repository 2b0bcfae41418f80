"""Numbers, times and files from outside are read in one place: no other reading comes into the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.test_house import SOURCES, name_of, tree_of

READS_DIGITS = {"isdigit", "isdecimal", "isnumeric"}
READS_TIMES = {"fromisoformat", "strptime", "parsedate_to_datetime", "parse_datetime", "parse_date"}
# What these read was written by ourselves, or is the answer to a question of a form, with rules of its own.
READ_OTHERWISE = {
    "grid/outside.py",
    "grid/ledger/canonical.py",
    "grid/ledger/notes.py",
    "grid/ledger/actions/times.py",
    "grid/ledger/verify_full.py",
    "grid/management/commands/import_register.py",
    "grid/registers/actions/intake.py",
    "tasks/arrivals/rules.py",
    "tasks/forms/rules/values.py",
    "grid/placing/reading/rules/numerals.py",  # of an address, five digits at most
    "tasks/forms/rules/__init__.py",
    "workflows/inspections/actions/challenging.py",
    "workflows/notices/documents/reviving.py",
    "project/settings.py",  # the city's code, of the environment
    "project/process.py",
    "project/backup/rules.py",
    "project/backup/reports.py",  # of files we wrote
}
# Django's own without bounds → ours with them (grid/fields.py).
UNBOUND_FIELDS = {"DateField", "DateTimeField", "IntegerField", "DurationField", "SplitDateTimeField"}
WRITE_CSV = {
    "grid/sheets.py",
    "grid/registers/views.py",
    "workflows/listing/api.py",
    "mobile_api/openrosa/queries/__init__.py",  # for Collect, which is no spreadsheet
    "project/demo/registers.py",
}
# Exempt from the token's check, and so from the gate's look at forms.
READ_BODIES_LATE = {"workflows/counter/views/employer.py", "mobile_api/openrosa/views/answers.py"}


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of its name."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def where(names: set[str]) -> set[str]:
    return {name_of(file) for file in SOURCES if any(name in names for name, _call in calls(file))}


def test_numbers_and_times_are_read_by_grid_outside() -> None:
    assert where(READS_DIGITS | READS_TIMES) - READ_OTHERWISE == set(), "use grid.outside"


def test_fields_of_forms_have_bounds() -> None:
    unbound = []
    for file in SOURCES:
        for name, call in calls(file):
            owner = getattr(getattr(call.func, "value", None), "id", "")
            options = {option.arg for option in call.keywords}
            loose = name in UNBOUND_FIELDS or (name == "DecimalField" and "max_digits" not in options)
            if owner == "forms" and (loose or (name == "FloatField" and "max_value" not in options)):
                unbound.append(f"{name_of(file)}:{call.lineno} {name}")
    assert [field for field in unbound if not field.startswith("grid/fields.py")] == [], "use grid.fields"


def test_tables_are_written_by_grid_sheets() -> None:
    assert where({"writer", "DictWriter"}) - WRITE_CSV == set(), "use grid.sheets"


def test_whoever_is_exempt_from_the_token_s_check_looks_at_forms_itself() -> None:
    exempt = {
        name_of(file) for file in SOURCES if "csrf_exempt" in file.read_text() and file.parts[-2] != "project"
    }
    assert exempt == READ_BODIES_LATE
    # OpenRosa reads one part and one flag, and names of files by `safe_name`: a strange one must cost no visit.
    assert "workflows/counter/views/employer.py" in where({"refuse_unreadable"})
