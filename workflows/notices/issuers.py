"""Which act issues which document, with the form it asks for: what a preview has to run."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from grid import problems
from grid.scope import Actor
from workflows.cases import performing as of_case
from workflows.cases.models import Case
from workflows.findings.queries import answers_of
from workflows.notices.models import NoticeKind
from workflows.notices.previewing import preview_of

Issue = Callable[[Case, QueryDict, Actor], object]


def _on_case(kind: str, name: str) -> Issue:
    """The act `name` of the case page."""

    def issue(case: Case, given: QueryDict, by: Actor) -> object:
        form = of_case.form_for(name, case, answers_of(case.finding.seen), _at(case.state, given))
        return of_case.PERFORM[name](case, _filled(form, kind), by)

    return issue


def _at(state: str, given: QueryDict) -> QueryDict:
    """What was filled in, with the state the page showed where it does not say."""
    data = given.copy()
    data.setdefault("at", state)
    return data


def _filled(form: Any, kind: str) -> Any:
    """The form, complete. Raises PreviewIncomplete naming what it lacks."""
    if not form.is_valid():
        label = str(NoticeKind(kind).label)
        lacks = "、".join(str(form.fields[name].label or name) for name in form.errors if name in form.fields)
        raise problems.PreviewIncomplete(kind=label, lacks=lacks)
    return form


# A kind that is not here is issued by the clock, or outside any case.
ISSUED_BY: Mapping[str, Issue] = {
    NoticeKind.URGING: _on_case(NoticeKind.URGING, "urge"),
    NoticeKind.LISTING_NOTICE: _on_case(NoticeKind.LISTING_NOTICE, "notice"),
    NoticeKind.LISTING_DECISION: _on_case(NoticeKind.LISTING_DECISION, "decide-city"),
}


def preview_document(case: Case, kind: str, given: QueryDict, *, by: Actor) -> bytes:
    """The document of `kind` as it would be issued for `case` now, as PDF.

    Raises NotHere for a kind nobody issues by hand, and whatever the act refuses.
    """
    if kind not in ISSUED_BY:
        raise problems.NotHere()
    return preview_of(kind, lambda: ISSUED_BY[kind](case, given, by))
