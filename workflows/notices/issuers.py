"""Which act issues which document, with the form it asks for: what a preview has to run."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from grid import problems
from grid.scope import Actor
from workflows.audits import performing as of_audit
from workflows.audits.queries import audits_of
from workflows.cases import performing as of_case
from workflows.cases.answers import answers_of
from workflows.cases.models import Case
from workflows.inspections import performing as of_inspection
from workflows.listing.offers import BY_NAME
from workflows.listing.queries import file_of
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
    NoticeKind.AUDIT_CLEAR: ("audit", "clear"),
    NoticeKind.PENALTY_PROPOSAL: ("audit", "propose"),
    NoticeKind.TAX_TRANSFER: ("audit", "transfer"),
    NoticeKind.FILING: ("inspection", "file"),
    NoticeKind.ORDER: ("inspection", "order"),
    NoticeKind.PENALTY_NOTICE: ("inspection", "notice"),
    NoticeKind.HEARING_NOTICE: ("inspection", "call"),
    NoticeKind.PENALTY_DECISION: ("inspection", "decide"),
    NoticeKind.NO_PENALTY: ("inspection", "spare"),
    NoticeKind.CASE_WITHDRAWN: ("inspection", "withdraw"),
    NoticeKind.CASE_TRANSFER: ("inspection", "transfer"),
    NoticeKind.DEMAND: ("inspection", "demand"),
    NoticeKind.COURT_APPLICATION: ("inspection", "court"),
    NoticeKind.REPAIR_DECISION: ("listing", "decide-repair"),
    NoticeKind.OBJECTION_ANSWER: ("listing", "answer-objection"),
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


def _on_inspection(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    newest = case.inspections.order_by("-pk").first()
    if newest is None:
        raise problems.NotHere()
    form = of_inspection.form_for(act, newest, _at(newest.state, given))
    return of_inspection.PERFORM[act](newest, _filled(form, "inspection", act), by)


def _on_listing(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    listing, offer = getattr(case, "listing", None), BY_NAME[act]
    if listing is None:
        raise problems.NotHere()
    file = file_of(listing)
    if not offer.fits(file):
        raise problems.OutOfOrder(thing=case.code, state=case.get_state_display(), act=offer.label)
    return offer.act(file, _filled(offer.form(given), "listing", act).cleaned_data, by)


ROOMS: Mapping[str, Issue] = {
    "case": _on_case,
    "audit": _on_audit,
    "inspection": _on_inspection,
    "listing": _on_listing,
}


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
