"""Departments' duties, and referrals at both ends: the sender's list and page, the liaison's list and page."""

from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.calendar.now import day_of, today
from grid.keeping import open_stored
from grid.law.queries import the_law
from grid.outside import whole
from grid.pictures.queries import handed_out, kind_of
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import KINDS, as_table
from grid.territory.queries import current_area
from tasks.followups.queries import follow_at, reason_title
from workflows.duties import actions, forms, queries
from workflows.duties.acts import form_for
from workflows.duties.models import Department, Duty, Referral, ReferralState
from workflows.duties.queries.directory import Directory, groups_of
from workflows.duties.queries.releasing import releasable
from workflows.duties.reading import CONTENT_TYPES
from workflows.duties.referring import About
from workflows.engine.acts import acts_on, offers_for

PAGE = 50
SHOWN = 20


@login_required
@require_safe
def duty_page(request: DeskRequest) -> HttpResponse:
    directory = Directory()
    found = queries.standings(request.actor, directory)
    context = {
        "standings": found,
        "late": [standing for standing in found if standing.late],
        "may_refer": request.actor.has(Right.REFER),
        "terms": [the_law(today())[key] for key in ("duty.answer", "duty.answer_again", "duty.remind")],
    }
    return render(request, "workflows/duties/duties.html", context)


def _sought(asked: QueryDict) -> queries.Sought:
    return queries.Sought(
        state=asked.get("state", ""), department=asked.get("department", ""), area=asked.get("area", "").strip(),
        text=asked.get("q", "").strip(), late=bool(asked.get("late")), batch=asked.get("batch", ""),
    )  # fmt: skip


@login_required
@require_safe
def referral_list(request: DeskRequest) -> HttpResponseBase:
    viewer, directory, sought = request.actor, Directory(), _sought(request.GET)
    rows = queries.referrals_for(viewer, sought, directory)
    if (kind := request.GET.get("export", "")) in KINDS:
        return _as_table(kind, rows, viewer)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, _subject_name(row, viewer)) for row in page],
        "sought": sought,
        "states": ReferralState.choices,
        "counts": queries.counts_of(rows),
        "departments": directory.in_force(),
        "is_sender": viewer.has(Right.SEE_CASES),
        "may_refer": viewer.has(Right.REFER),
        "own_duties": queries.own_duties(viewer, directory),
    }
    return render(request, "workflows/duties/referrals.html", context)


def _as_table(kind: str, rows: QuerySet[Referral], viewer: Actor) -> HttpResponseBase:
    """What the list shows, all pages of it."""

    def lines() -> Iterator[list[object]]:
        yield [
            _("编号"), _("部门"), _("事项"), _("对象"), _("区划"), _("状态"), _("转出"), _("答复期限"), _("答复"),
            _("逾期上报"),
        ]  # fmt: skip
        for row in rows.iterator(1000):
            days = [day_of(at) if at else "" for at in (row.sent_at, row.answered_at, row.escalated_at)]
            yield [
                row.code, row.department.name, row.title, _subject_name(row, viewer), row.area,
                row.get_state_display(), days[0], row.due_on, days[1], days[2],
            ]  # fmt: skip

    return as_table(kind, "referrals", lines())


def _subject_name(row: Referral, viewer: Actor) -> str:
    """A department knows whom it is about when that was released to it, on the page; the list is silent."""
    return row.subject.name if row.subject and queries.is_sender(viewer, row) else ""


@login_required
@require_safe
def referral_page(request: DeskRequest, code: str) -> HttpResponse:
    directory = Directory()
    return _page(request, queries.File(queries.referral_at(request.actor, code, directory), directory))


def _page(
    request: DeskRequest, file: queries.File, bound: Form | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    viewer, referral = request.actor, file.referral
    context = {
        "referral": referral,
        "files": [paper for paper in referral.files.select_related("by") if paper.answer_id is None],
        "answers": list(
            referral.answers.select_related("by", "department").prefetch_related("files").order_by("pk")
        ),
        "acts": [
            (act, bound if act.name == name else form_for(act.name, file))
            for act in offers_for("referral", viewer, referral, file)
        ],
        "tried": name,
        "is_sender": queries.is_sender(viewer, referral),
        "history": queries.story_of(referral),
    }
    return render(request, "workflows/duties/referral.html", context, status=status)


@login_required
@require_POST
def referral_act(request: DeskRequest, code: str, name: str) -> HttpResponse:
    directory = Directory()
    file = queries.File(queries.referral_at(request.actor, code, directory), directory)
    act = acts_on("referral").get(name)
    if act is None:
        raise problems.NotHere()
    form = form_for(name, file, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file, form, name, status=422)
    messages.success(request, act.words_after(act.do(file.referral, form, request.actor)))
    return redirect("referral", code=code)


@login_required
@require_http_methods(["GET", "POST"])
def new_referral(request: DeskRequest) -> HttpResponse:
    viewer, directory = request.actor, Directory()
    about = queries.about(viewer, request.GET)
    facts = releasable(about.subject, about.finding) if about.subject else []
    hints = directory.suggestions(about.subject) if about.subject else []
    groups = groups_of(directory)
    initial = {"duty": _first_duty(hints, groups, request.GET.get("to", "")), **_asked_by_visit(request)}
    form = forms.ReferForm(
        request.POST or None, request.FILES or None, groups=groups, facts=facts,
        viewer=viewer, initial=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        duty = queries.duty_of(given["duty"])
        sent = actions.refer(
            directory.current(duty.department_id), duty, about if about.subject else About(given["area"]),
            form.asked(), forms.given_files(given), by=viewer,
        )  # fmt: skip
        messages.success(
            request, _("已转给%(name)s，%(due)s 前答复。") % {"name": sent.department, "due": sent.due_on}
        )
        return redirect("referral", code=sent.code)
    context = {"form": form, "about": about, "hints": hints}
    return render(request, "workflows/duties/new.html", context, status=422 if form.errors else 200)


def _asked_by_visit(request: DeskRequest) -> dict[str, str]:
    """What to ask the register of businesses, where a visit saw otherwise than it says. Raises NotHere."""
    pk = whole(request.GET.get("follow"))
    if pk is None:
        return {}
    follow = follow_at(request.actor, pk)
    found = reason_title(follow.reason) + (
        _("（{given}）").format(given=follow.given) if follow.given else ""
    )
    words = _("网格员上门走访所见：{found}，与登记不符。请核实登记住所和存续状况，依职责处理并答复。")
    return {"title": _("走访所见与登记不符，请核实"), "question": words.format(found=found)}


def _first_duty(
    hints: list[tuple[Department, str]], groups: list[tuple[Department, list[Duty]]], to: str
) -> int | None:
    """The first duty of the department the address names, else of the one proposed first: to oversee its industry."""
    named = next((department.pk for department, _duties in groups if to and department.code == to), None)
    wanted = named or (hints[0][0].pk if hints else None)
    return next((duties[0].pk for department, duties in groups if department.pk == wanted and duties), None)


@login_required
@require_http_methods(["GET", "POST"])
def many_referrals(request: DeskRequest) -> HttpResponse:
    """Filter, look at what was chosen, send: the same form, so that what is sent is what was looked at."""
    viewer, directory = request.actor, Directory()
    if not viewer.has(Right.REFER):
        raise problems.NotYourPost(right=Right.REFER.value)
    asked = request.POST or (request.GET if "duty" in request.GET else None)
    form = forms.BulkForm(
        asked, groups=groups_of(directory), viewer=viewer,
    )  # fmt: skip
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        duty = queries.duty_of(given["duty"])
        department = directory.current(duty.department_id)
        if request.method == "POST" and "send" in request.POST:
            sent = actions.refer_many(department, duty, form.chosen(), form.asked(), by=viewer)
            messages.success(request, _("已向%(name)s转办 %(n)d 件。") % {"name": department, "n": len(sent)})
            return redirect(f"/referrals/?batch={sent[0].batch}")
        rows = queries.findings_to_refer(viewer, department, form.chosen())
        context |= {
            "department": department, "duty": duty, "count": rows.count(), "most": actions.MOST_AT_ONCE,
            "area": current_area(given["area"]), "found": rows.select_related("subject")[:SHOWN],
        }  # fmt: skip
    return render(request, "workflows/duties/many.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def referral_file(request: DeskRequest, pk: int) -> FileResponse:
    file, path = queries.file_at(request.actor, pk, Directory())
    kind, name = CONTENT_TYPES[file.kind], file.name
    if kind.startswith("image/"):
        path = handed_out(path)
        kind, name = kind_of(path), f"{Path(file.name).stem}{path.suffix}"
    answer = FileResponse(open_stored(path), as_attachment=True, filename=name)
    answer["Content-Type"] = kind
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
