"""What the yearly assessment puts into somebody's inbox: the district's to answer, the city's to settle and to close."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from grid.calendar.now import day_of, today
from grid.scope import Actor, Right
from grid.waiting import Waiting
from workflows.assessment.models import Response, Scheme, SchemeState, Stand
from workflows.assessment.queries import waiting_responses
from workflows.assessment.queries.gates import first_day_to_show, is_settled

KIND = "assessment"
UNFINISHED = (SchemeState.OPEN, SchemeState.SHOWN, SchemeState.PROPOSED)


def assessments_waiting(viewer: Actor, limit: int) -> list[Waiting]:
    """Two queries and one for each year not yet closed; none for whoever neither assesses nor answers."""
    lines = []
    if viewer.has(Right.ANSWER_ASSESSMENT):
        lines += [_to_answer(response) for response in waiting_responses(viewer) if _is_due(response)]
    if viewer.can(Right.ASSESS, settings.CITY):
        lines += [_objection(objection) for objection in _objections()]
        lines += [line for scheme in _unfinished() if (line := _next_step(viewer, scheme))]
    return lines[:limit]


def _is_due(response: Response) -> bool:
    due_on = response.scheme.due_on
    return response.showing == response.scheme.showing and due_on is not None and today() <= due_on


def _to_answer(response: Response) -> Waiting:
    shown = response.scheme.shown_at
    return Waiting(
        KIND, _("考核公示"), _title(response.scheme), _("请核对本区各项数字，确认无异议或者提出异议"),
        response.area, _page(response.scheme), day_of(shown) if shown else today(), response.scheme.due_on, response.state,
    )  # fmt: skip


def _objections() -> list[Response]:
    return list(Response.objects.filter(state=Stand.OBJECTED).select_related("scheme").order_by("pk"))


def _objection(response: Response) -> Waiting:
    return Waiting(
        KIND, _("考核异议"), _title(response.scheme), _("异议：{reason}").format(reason=response.reason[:60]), response.area,
        _page(response.scheme), day_of(response.given_at) if response.given_at else today(), None, response.state,
    )  # fmt: skip


def _unfinished() -> list[Scheme]:
    rows = Scheme.objects.filter(state__in=UNFINISHED, year__lt=today().year, computed_at__isnull=False)
    return list(rows.order_by("year"))


def _next_step(viewer: Actor, scheme: Scheme) -> Waiting | None:
    """The city's next act, where nothing else has to happen before."""
    if scheme.state == SchemeState.PROPOSED:
        is_mine = scheme.proposed_by_id != viewer.person_id and scheme.proposed_at is not None
        return _step(scheme, _("封定考核"), _("已由另一人提请，请决定封定或者退回")) if is_mine else None
    if scheme.state == SchemeState.SHOWN:
        return _step(scheme, _("提请封定考核"), _("各区都已回应或异议期满")) if is_settled(scheme) else None
    is_time = today() >= first_day_to_show(scheme.year)
    return _step(scheme, _("公示考核"), _("年度已终了，请计算并向各区公示")) if is_time else None


def _step(scheme: Scheme, label: str, why: str) -> Waiting:
    since = scheme.proposed_at or scheme.shown_at or scheme.computed_at
    since_day = day_of(since) if since else today()
    return Waiting(
        KIND, label, _title(scheme), why, settings.CITY, _page(scheme), since_day, None, scheme.state
    )


def _title(scheme: Scheme) -> str:
    return _("{year} 年度考核").format(year=scheme.year)


def _page(scheme: Scheme) -> str:
    return reverse("assessment-year", args=[scheme.year])
