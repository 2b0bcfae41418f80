"""走访后续: what follows from visits and waits, with the way to do it or the reason why not."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grid.answers import answer_form, done
from grid.requests import DeskRequest
from grid.sheets import KINDS, as_table
from tasks.followups import queries
from tasks.followups.actions import drop_follow
from tasks.followups.forms import DropForm
from tasks.followups.models import FollowKind, FollowUp

PAGE = 50


@login_required
@require_safe
def follow_ups(request: DeskRequest) -> HttpResponseBase:
    queries.require_ender(request.actor)
    kind = request.GET.get("kind", "")
    kind = kind if kind in FollowKind.values else ""
    rows = queries.follows_left(request.actor, kind)
    if (export := request.GET.get("export", "")) in KINDS:
        return as_table(export, "follow-ups", _lines(rows))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(follow, queries.reason_title(follow.reason), _way(follow)) for follow in page],
        "kind": kind,
        "kinds": [(known.value, known.label) for known in queries.RIGHT_OF if known != FollowKind.PLACE],
    }
    return render(request, "tasks/followups/list.html", context)


def _way(follow: FollowUp) -> str:
    """Where it is done."""
    if follow.kind == FollowKind.MERGE:
        other = f"?other={follow.other_id}" if follow.other_id else ""
        return reverse("subject-merge", args=[follow.subject_id]) + other
    if follow.kind == FollowKind.NOTE:
        return f"{reverse('referral-new')}?subject={follow.subject_id}&to=market&follow={follow.pk}"
    return reverse("subject-facts", args=[follow.subject_id])


def _lines(rows: QuerySet[FollowUp]) -> Iterator[list[object]]:
    yield [_("后续"), _("对象"), _("代码"), _("区划"), _("走访结果"), _("走访所报"), _("日期"), _("走访号")]
    for follow in rows.iterator(1000):
        subject = follow.subject
        yield [
            follow.get_kind_display(), subject.name, subject.code, follow.area, queries.reason_title(follow.reason), follow.given,
            follow.due_on or "", follow.visit.code,
        ]  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    follow = queries.follow_at(request.actor, pk)
    form = DropForm(request.POST or None)

    def act() -> HttpResponse:
        drop_follow(follow, form.cleaned_data["why"], by=request.actor)
        return done(request, _("已记下不办的理由。"), "follow-ups")

    facts = {"follow": follow, "title": queries.reason_title(follow.reason)}
    return answer_form(request, form, "tasks/followups/drop.html", facts, act)
