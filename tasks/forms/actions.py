"""Forms edited at the desk: uploaded as a draft, published, withdrawn. What phones hold is never changed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from grid import problems
from grid.calendar.now import now, today
from grid.ledger.actions import Line, record
from grid.scope import Actor, Held, Right, require, require_person
from tasks.forms import problems as forms_problems
from tasks.forms import tables
from tasks.forms.models import FormState, FormVersion
from tasks.forms.reading import Unreadable, read_sheets
from tasks.forms.rules.checking import Checked, Wrong, check
from tasks.forms.verbs import FormVerb


def upload_form(name: str, content: bytes, *, by: Actor) -> FormVersion:
    """Keeps an XLSForm file as a draft. The same draft again is the same row.

    Raises FormFileUnreadable, FileOversized, FileLocked, FormTableWrong (`facts["lines"]`: every line that is
    wrong), FormVersionUsed.
    """
    held = _require_editor(by)
    checked = _checked(name, content)  # before the transaction: nobody waits for a strange file to be read
    form = checked.form
    with transaction.atomic():
        _refuse_used(form.code, form.version)
        row, is_new = FormVersion.objects.get_or_create(
            code=form.code, version=form.version,
            defaults={"title": form.title[:100], "source": checked.source, "file_name": name[-100:],
                      "by_id": require_person(by), "at": now()},
        )  # fmt: skip
        if is_new:
            record(FormVerb.FORM_UPLOADED, Line(held.area if held else "", data=_facts(row)), by=by)
    return row


def _checked(name: str, content: bytes) -> Checked:
    try:
        sheets = read_sheets(name, content)
    except Unreadable as error:
        raise forms_problems.FormFileUnreadable(name=name) from error
    return _right(check(sheets, {form.code for form in tables.all_current()}))


def _right(found: Checked | list[Wrong]) -> Checked:
    if isinstance(found, Checked):
        return found
    raise forms_problems.FormTableWrong(count=len(found), first=found[0].words, lines=found)


def _refuse_used(code: str, version: str) -> None:
    """One day's number stands for one table. A draft nobody published may be replaced by a better one."""
    day = version.rpartition("-")[0]
    given = FormVersion.objects.exclude(state=FormState.DRAFT).filter(
        code=code, version__startswith=f"{day}-"
    )
    if given.exists() or tables.has_shipped(code, day):
        raise forms_problems.FormVersionUsed(form=code, version=day)


@transaction.atomic
def publish_form(row: FormVersion, valid_from: date, *, by: Actor) -> FormVersion:
    """From `valid_from` on phones get this version with their next pull; what was filled before keeps its own.

    Raises OutOfOrder unless it is a draft, DeadlinePast for a day gone by, FormVersionUsed, FormVersionOlder,
    FormTableWrong for a draft that is older than a rule it breaks.
    """
    held = _require_editor(by)
    serial = _next_serial()
    row = FormVersion.objects.select_for_update().get(pk=row.pk)
    if row.state != FormState.DRAFT:
        raise problems.OutOfOrder(thing=row, state=FormState(row.state).label, act=_("发布"))
    if valid_from < today():
        raise forms_problems.DeadlinePast(due_on=valid_from)
    _refuse_used(row.code, row.version)
    tables.refresh()
    newest = tables.newest_version(row.code)
    if row.version <= newest:
        raise forms_problems.FormVersionOlder(form=row.code, current=newest, version=row.version)
    _right(check(read_sheets("draft.md", row.source.encode()), {row.code}))
    row.state, row.valid_from = FormState.PUBLISHED, valid_from
    _decide(row, serial, by)
    data = {**_facts(row), "valid_from": valid_from.isoformat()}
    record(FormVerb.FORM_PUBLISHED, Line(held.area if held else "", data=data), by=by)
    return row


@transaction.atomic
def withdraw_form(row: FormVersion, why: str, *, by: Actor) -> FormVersion:
    """Phones go back to the version before with their next pull; visits filled with this one keep it.

    Raises OutOfOrder unless it is published, ReasonMissing without a reason.
    """
    held = _require_editor(by)
    if not why.strip():
        raise problems.ReasonMissing(act=_("撤回表单"))
    serial = _next_serial()
    row = FormVersion.objects.select_for_update().get(pk=row.pk)
    if row.state != FormState.PUBLISHED:
        raise problems.OutOfOrder(thing=row, state=FormState(row.state).label, act=_("撤回"))
    row.state, row.why = FormState.WITHDRAWN, why.strip()[:200]
    _decide(row, serial, by)
    record(
        FormVerb.FORM_WITHDRAWN,
        Line(held.area if held else "", data={**_facts(row), "reason": row.why}),
        by=by,
    )
    return row


def _decide(row: FormVersion, serial: int, by: Actor) -> None:
    row.serial, row.decided_by_id, row.decided_at = serial, by.person_id, now()
    row.save()
    # The others of this process learn of it when the transaction has become true; the rest by the serial number.
    transaction.on_commit(tables.refresh)


def _next_serial() -> int:
    """Locks the row with the highest number, so that two decisions wait for each other; the very first two are
    told apart by the column being unique."""
    newest = tables.newest_serial().select_for_update().first()
    return (newest.serial or 0) + 1 if newest else 1


def _require_editor(by: Actor) -> Held | None:
    """A form is the whole city's: the right is asked where it is held. Raises NotYourPost."""
    areas = by.areas(Right.EDIT_FORMS)
    if not areas and not by.machine:
        raise problems.NotYourPost(right=Right.EDIT_FORMS.value)
    return require(by, Right.EDIT_FORMS, areas[0]) if areas else None


def _facts(row: FormVersion) -> dict[str, str]:
    return {"form": row.code, "title": row.title, "version": row.version}
