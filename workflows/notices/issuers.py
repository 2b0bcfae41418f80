"""Which act issues which document, with the form it asks for: what a preview has to run."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from grid import problems
from grid.scope import Actor
from workflows.audits import performing as of_audit
from workflows.audits.queries import audits_of
from workflows.cases import performing as of_case
from workflows.cases.models import Case
from workflows.findings.queries import answers_of
from workflows.notices.models import NoticeKind
from workflows.notices.previewing import preview_of

Issue = Callable[[Case, str, Any, Actor], object]
# Document → the room whose page has the act, and the act's name there. A kind that is not here is issued by the
# clock, or outside any case.
ISSUED_BY: Mapping[str, tuple[str, str]] = {
    NoticeKind.URGING: ("case", "urge"),
    NoticeKind.LISTING_NOTICE: ("case", "notice"),
    NoticeKind.LISTING_DECISION: ("case", "decide-city"),
    NoticeKind.AUDIT_NOTICE: ("audit", "open"),
    NoticeKind.AUDIT_FINDINGS: ("audit", "findings"),
    NoticeKind.AUDIT_OPINION: ("audit", "approve"),
    NoticeKind.PENALTY_PROPOSAL: ("audit", "propose"),
    NoticeKind.TAX_TRANSFER: ("audit", "transfer"),
}
KIND_OF: Mapping[tuple[str, str], str] = {act: kind for kind, act in ISSUED_BY.items()}


def preview_document(case: Case, kind: str, given: QueryDict, *, by: Actor) -> bytes:
    """The document of `kind` as it would be issued for `case` now, as PDF. `given`: what the act's form holds.

    Raises NotHere for a kind nobody issues by hand, PreviewIncomplete, and whatever the act refuses.
    """
    if kind not in ISSUED_BY:
        raise problems.NotHere()
    room, act = ISSUED_BY[kind]
    return preview_of(kind, lambda: ROOMS[room](case, act, given, by))


def _on_case(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    form = of_case.form_for(act, case, answers_of(case.finding.seen), _at(case.state, given))
    return of_case.PERFORM[act](case, _filled(form, "case", act), by)


def _on_audit(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    newest = next(iter(audits_of(case)), None)
    if newest is None and act != "open":
        raise problems.NotHere()
    form = of_audit.form_for(act, case, newest, _at(newest.state if newest else "", given))
    filled = _filled(form, "audit", act)
    if act == "open" or newest is None:
        return of_audit.open_audit(case, filled, by)
    newest.case = case
    return of_audit.PERFORM[act](newest, filled, by)


ROOMS: Mapping[str, Issue] = {"case": _on_case, "audit": _on_audit}


def _at(state: str, given: QueryDict) -> QueryDict:
    """What was filled in, with the state the page showed where it does not say."""
    data = given.copy()
    data.setdefault("at", state)
    return data


def _filled(form: Any, room: str, act: str) -> Any:
    """The form, complete. Raises PreviewIncomplete naming what it lacks."""
    if not form.is_valid():
        label = str(NoticeKind(KIND_OF[room, act]).label)
        lacks = "、".join(str(form.fields[name].label or name) for name in form.errors if name in form.fields)
        raise problems.PreviewIncomplete(kind=label, lacks=lacks)
    return form
