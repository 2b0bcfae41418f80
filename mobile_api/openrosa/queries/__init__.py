"""What an ODK Collect may see: the forms of its own doors, those doors, and the documents to hand over there."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import today
from grid.territory.queries import covers_of, is_covered_on
from mobile_api.devices.actions import digest
from mobile_api.devices.models import Device
from mobile_api.devices.queries.posts import live_postings
from mobile_api.openrosa.models import Submission
from mobile_api.openrosa.queries.xform import media_of
from mobile_api.sync.queries import COLUMNS, doors_of
from tasks.doors.models import CheckTask, TaskState
from tasks.forms import tables
from tasks.forms.rules import Form
from tasks.visits.rules import SERVICE
from workflows.notices.queries.carried import notices_for

TO_DO = (TaskState.OPEN, TaskState.RETURNED)


@dataclass(frozen=True, slots=True)
class Media:
    """The one file of a form, as it stands now for this phone."""

    name: str
    content: bytes


def device_by_key(key: str) -> Device:
    """The phone a key belongs to, revoked or not. Raises NotHere: a wrong address tells nothing."""
    rows = Device.objects.select_related("posting__person", "posting__area")
    device = rows.filter(collect_key__key_hash=digest(key)).first()
    if device is None:
        raise problems.NotHere()
    return device


def forms_for(device: Device) -> list[Form]:
    """The current forms of the phone's own doors, by code. Two queries."""
    tasks = CheckTask.objects.filter(posting__in=_served(device))
    codes = set(tasks.filter(state__in=TO_DO).values_list("form", flat=True))
    if tasks.filter(notices__gt=0).exists():
        codes.add(SERVICE)
    return [form for form in sorted(tables.all_current(), key=lambda form: form.code) if form.code in codes]


def form_for(device: Device, code: str) -> Form:
    """One of them, or NotHere."""
    form = next((form for form in forms_for(device) if form.code == code), None)
    if form is None:
        raise problems.NotHere()
    return form


def media_for(device: Device, form: Form) -> Media:
    """Own doors of this form still to be visited, or the documents to hand over, as an external choice list."""
    rows = _documents(device) if form.code == SERVICE else _doors(device, form)
    return Media(media_of(form), rows)


def _served(device: Device) -> list[int]:
    """The postings of the phone's person, and those they cover today."""
    day, own = today(), [posting.pk for posting in live_postings(device)]
    covered = [cover.posting_id for cover in covers_of(own) if is_covered_on(cover, day)]
    return list(dict.fromkeys([*own, *covered]))


def _doors(device: Device, form: Form) -> bytes:
    tasks = CheckTask.objects.filter(posting__in=_served(device), form=form.code, state__in=TO_DO)
    labels = {question.name: question.label for question in form.questions}
    doors = doors_of(list(tasks.order_by("due_on", "pk").values(*COLUMNS)))
    many = len({door["area"] for door in doors}) > 1
    lines = ((door["task_id"], _label(door, many), _known(door, labels)) for door in doors)
    return _csv(("name", "label", "known"), lines)


def _label(door: dict[str, Any], many: bool) -> str:
    """Where the doors lie in several grids each says in which."""
    subject = door["subject"]
    late = _("逾期") if door["overdue"] else ""
    sent_back = _("退回补充") if door["state"] == "returned" else ""
    place = door["area_name"] if many else ""
    return " · ".join(filter(None, (subject["name"], subject["address"], place, sent_back or late)))


def _known(door: dict[str, Any], labels: dict[str, str]) -> str:
    """What the registers say and what the desk asks, in one line: nothing known is asked again."""
    asked = door["returned"]["question_text"] if door["returned"] else ""
    told = [
        _("{label}：{value}（{source} {as_of}）").format(label=labels.get(name, name), **said)
        for name, said in door["prefill"].items()
        if isinstance(said["value"], str | int | float)
    ]
    return "；".join(filter(None, (asked, *told)))


def _documents(device: Device) -> bytes:
    tasks = CheckTask.objects.filter(Q(posting__in=_served(device)), notices__gt=0)
    names = dict(tasks.values_list("subject_id", "subject__name"))
    found = notices_for(list(names)) if names else {}
    lines = (
        (notice["number"], f"{names[subject]} · {notice['title']} {notice['number']}", subject)
        for subject, notices in found.items()
        for notice in notices
    )
    return _csv(("name", "label", "subject"), lines)


def _csv(head: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return text.getvalue().encode()


def files_waiting() -> set[str]:
    """Hashes of the files of submissions that were not taken yet."""
    waiting = Submission.objects.filter(taken_at=None).values_list("files", flat=True)
    return {file[0] for files in waiting for file in files.values()}
