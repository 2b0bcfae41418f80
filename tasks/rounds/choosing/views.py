"""Choices kept by name and lists of codes, at the desk."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.calendar.now import day_of
from grid.keeping import on_disk
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from grid.sheets import KINDS, as_table
from grid.territory.queries import names_of
from tasks.rounds.choosing import actions, forms, queries
from tasks.rounds.choosing.models import ListedLine
from tasks.rounds.choosing.reading import read_codes
from tasks.rounds.choosing.rules import COLUMNS

PAGE = 100
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def _planner(request: DeskRequest) -> Actor:
    """Asks for a post that plans. Raises NotYourPost."""
    if not request.actor.has(Right.PLAN):
        raise problems.NotYourPost(right=Right.PLAN.value)
    return request.actor


@login_required
@require_safe
def choices(request: DeskRequest) -> HttpResponseBase:
    viewer = _planner(request)
    found = queries.choices_for(viewer)
    places = names_of(choice.area for choice in found)
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, "choices", _choices_table(found, places))
    rows = [(choice, places.get(choice.area, ""), _may_retire(viewer, choice)) for choice in found]
    return render(request, "tasks/rounds/choosing/choices.html", {"rows": rows})


def _may_retire(viewer: Actor, choice: queries.Choice) -> bool:
    return choice.saved is not None and viewer.can(Right.PLAN, choice.area)


def _choices_table(found: Iterable[queries.Choice], places: dict[str, str]) -> Iterator[list[object]]:
    yield [_("名称"), _("范围"), _("走访对象"), _("依据"), _("保存")]
    for choice in found:
        by = f"{choice.saved.made_by} {choice.saved.made_at:%Y-%m-%d}" if choice.saved else _("随系统提供")
        yield [
            choice.name, places.get(choice.area, _("各地")), "；".join(choice.words), choice.basis, by
        ]  # fmt: skip


@login_required
@read_or_write
def save(request: DeskRequest) -> HttpResponse:
    """A choice is made anew, or from another (`from`)."""
    viewer = _planner(request)
    key = request.GET.get("from", "")
    source = queries.choice_at(viewer, key) if key else None
    initial = forms.initial_of(source.criteria) | {"area": source.area} if source else {}
    form = forms.ChoiceForm(request.POST or None, initial=initial)
    form.offer(queries.lists_for(viewer))
    forms.offer_areas(form, viewer)

    def act() -> HttpResponse:
        given = form.cleaned_data
        choice = actions.save_choice(given["name"], given["area"], form.criteria(), by=viewer)
        return done(request, _("已保存。"), "round-choice", choice.pk)

    return answer_form(request, form, "tasks/rounds/choosing/choice_form.html", {}, act)


@login_required
@require_safe
def choice(request: DeskRequest, key: str) -> HttpResponse:
    """A choice with its counts in one area: the one asked for, its own, or the viewer's."""
    viewer = _planner(request)
    found = queries.choice_at(viewer, key)
    own = found.area if viewer.can(Right.PLAN, found.area) else viewer.areas(Right.PLAN)[0]
    where = forms.WhereForm({"area": request.GET.get("area") or own})
    forms.offer_areas(where, viewer)
    if not where.is_valid():
        raise problems.NotHere()
    area = where.cleaned_data["area"]
    context = {
        "choice": found,
        "area": area,
        "where": where,
        "choosing": queries.count_choice(found.criteria, area),
        "may_retire": _may_retire(viewer, found),
    }
    return render(request, "tasks/rounds/choosing/choice.html", context)


@login_required
@require_POST
def retire(request: DeskRequest, key: str) -> HttpResponse:
    found = queries.choice_at(_planner(request), key)
    if found.saved is None:
        raise problems.NotHere()
    actions.retire_choice(found.saved, by=request.actor)
    return done(request, _("已停用。"), "round-choices")


# --- lists of codes ------------------------------------------------------------------------------------


@login_required
@require_safe
def lists(request: DeskRequest) -> HttpResponseBase:
    rows = queries.lists_for(_planner(request))
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, "code-lists", _lists_table(queries.with_counts(rows)))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    found = queries.with_counts(page)
    return render(request, "tasks/rounds/choosing/lists.html", {"page": page, "found": found})


def _lists_table(found: Iterable[queries.Listed]) -> Iterator[list[object]]:
    yield [_("名称"), _("范围"), _("文件"), _("行数"), _("认出"), _("上传"), _("日期")]
    for codes, lines, meant in found:
        day = day_of(codes.made_at)
        yield [codes.name, codes.area, codes.file_name, lines, meant, str(codes.made_by), day]


@login_required
@read_or_write
def take(request: DeskRequest) -> HttpResponse:
    viewer = _planner(request)
    form = forms.ListForm(request.POST or None, request.FILES or None)
    forms.offer_areas(form, viewer)

    def act() -> HttpResponse:
        given = form.cleaned_data
        with on_disk(given["file"].chunks()) as path:
            lines = read_codes(path, given["file"].name)
        codes = actions.take_list(given["name"], given["area"], given["file"].name, lines, by=viewer)
        return done(request, _("已上传，逐行的结果见下。"), "round-list", codes.pk)

    facts = {"columns": [names[0] for names in COLUMNS.values()]}
    return answer_form(request, form, "tasks/rounds/choosing/list_form.html", facts, act)


@login_required
@require_safe
def one_list(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Every line, or those that mean nobody (`part=troubled`)."""
    viewer = _planner(request)
    found = queries.list_at(viewer, pk)
    part = "troubled" if request.GET.get("part") == "troubled" else ""
    rows = queries.lines_of(found, bool(part))
    if (kind := request.GET.get("export", "")) in KINDS:
        return as_table(kind, f"code-list-{pk}", _lines_table(rows))
    context = {
        "list": next(iter(queries.with_counts([found]))),
        "part": part,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_retire": viewer.can(Right.PLAN, found.area),
    }
    return render(request, "tasks/rounds/choosing/list.html", context)


def _lines_table(rows: Iterable[ListedLine]) -> Iterator[list[object]]:
    yield [_("行"), _("代码"), _("名称"), _("对象"), _("结果")]
    for row in rows:
        who = row.subject.name if row.subject else ""
        yield [row.line, row.code, row.name, who, row.get_trouble_display() or _("认出")]


@login_required
@require_POST
def retire_list(request: DeskRequest, pk: int) -> HttpResponse:
    actions.retire_list(queries.list_at(_planner(request), pk), by=request.actor)
    return done(request, _("已停用。"), "round-lists")
