"""For the phone's tests: our forms as ODK Collect gets them, and instances read back as the bridge reads them.

`python -m tests.contract.collect_dump forms` prints [{form, xml, file, content}], `… read` takes a JSON list of
instances from its input and prints the visit each becomes.
"""

import json
import os
import sys
from typing import Any

import django

DOORS = 'name,label,known\n17,示例商贸有限公司 · 新华西街1号,"在岗人数：12（税务 2026-10-01）"\n'
NOTICES = "name,label,subject\n乌海勃人社督告〔2026〕3号,示例商贸有限公司,5\n"


def forms() -> list[dict[str, Any]]:
    from mobile_api.openrosa.queries.xform import DOORS_FILE, collect_xml, media_of
    from tasks.forms import tables

    return [
        {
            "form": tables.as_json(form),
            "xml": collect_xml(form).decode(),
            "file": media_of(form),
            "content": DOORS if media_of(form) == DOORS_FILE else NOTICES,
        }
        for form in tables.all_current()
    ]


def read(instances: list[str]) -> list[dict[str, Any]]:
    from grid.calendar.now import now
    from mobile_api.openrosa import rules
    from mobile_api.schemas import VisitIn
    from tasks.forms import tables

    visits = []
    for text in instances:
        instance = rules.read_instance(text.encode())
        form = tables.known(instance.form, instance.version)
        number = rules.client_id_of(instance.instance_id, "")
        made = rules.visit_of(instance, form, number, None, {}, now())
        visits.append(json.loads(VisitIn.model_validate(made).model_dump_json()))
    return visits


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    print(json.dumps(forms() if sys.argv[1] == "forms" else read(json.load(sys.stdin)), ensure_ascii=False))
