"""The table of outcomes as phones keep it: by form, the questions put before its own, and the version they know it by."""

import json
from collections.abc import Iterable
from hashlib import blake2b

from grid.calendar.now import today
from tasks.forms import tables
from tasks.forms.rules import Form
from tasks.outcomes.queries import every_row
from tasks.outcomes.rules import Row, questions_of


def reasons_for_phones() -> dict[str, object]:
    """As it is in force today. One query."""
    day = today()
    groups = _groups(tables.all_current(), [row for row in every_row() if row.is_in_force(day)])
    text = json.dumps(groups, ensure_ascii=False, sort_keys=True)
    return {"version": blake2b(text.encode(), digest_size=6).hexdigest(), "groups": groups}


def _groups(forms: Iterable[Form], rows: list[Row]) -> list[dict[str, object]]:
    """Forms that ask the same share one list: nearly all do."""
    groups: dict[str, dict[str, object]] = {}
    for form in sorted(forms, key=lambda form: form.code):
        asked = [tables.question_json(question) for question in questions_of(form, rows)]
        if not asked:
            continue
        group = groups.setdefault(json.dumps(asked, sort_keys=True), {"forms": [], "questions": asked})
        codes = group["forms"]
        assert isinstance(codes, list)
        codes.append(form.code)
    return list(groups.values())
