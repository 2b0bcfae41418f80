"""Making grids: one on a page, many by a file with a preview, one for each community for a start."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.answers import answer_form, done
from grid.keeping import on_disk
from grid.requests import DeskRequest
from grid.scope import Right, require
from grid.sheets import KINDS, as_table
from grid.territory import problems as territory_problems
from grid.territory import queries as territory
from grid.territory.divisions import actions as divisions
from grid.territory.divisions.rules import ELSEWHERE, MISSING
from grid.territory.grids import actions, queries
from grid.territory.grids.forms import FileForm, GridForm
from grid.territory.grids.models import AreaFile
from grid.territory.grids.rules import planning
from grid.territory.grids.views.drawing import picture_of
from grid.territory.models import Area, Level

PAGE = 100
read_or_write = require_http_methods(["GET", "HEAD", "POST"])
LEAST = {planning.REFUSED: 0, planning.NEW: 1, planning.CHANGED: 2, planning.SAME: 3}
VERDICTS = {
    planning.NEW: gettext_lazy("新增"),
    planning.CHANGED: gettext_lazy("更改"),
    planning.SAME: gettext_lazy("不变"),
    planning.REFUSED: gettext_lazy("不采用"),
    MISSING: gettext_lazy("文件里没有"),
    ELSEWHERE: gettext_lazy("不属本市，不看"),
}


def _area(request: DeskRequest, code: str, *levels: int) -> Area:
    """An area whose grids the viewer may change. Raises NotHere, NotYourPost."""
    viewer = request.actor
    found = territory.area_of(viewer, code)
    require(viewer, Right.RECUT, code)
    if found.level not in levels:
        raise problems.NotHere()
    return territory.current_area(code)


# --- one grid ---------------------------------------------------------------------------------------------


@login_required
@read_or_write
def new_grid(request: DeskRequest, code: str) -> HttpResponse:
    community = _area(request, code, Level.COMMUNITY)
    viewer = request.actor
    form = GridForm(request.POST or None, request.FILES or None)

    def add() -> HttpResponse:
        given = form.cleaned_data
        made, notes = actions.add_grid(
            code, given["name"], kind=given["kind"], households=given["households"], outline=form.drawn(),
            by=viewer,
        )  # fmt: skip
        words = _("已新增{name}，代码 {code}。").format(name=made.name, code=made.code)
        answer = done(request, words, "area", made.code)
        _warn(request, notes)
        return answer

    return _grid_page(request, form, community, None, add)


@login_required
@read_or_write
def change_grid(request: DeskRequest, code: str) -> HttpResponse:
    grid = _area(request, code, Level.GRID)
    viewer = request.actor
    initial = {"name": grid.name, "households": grid.households}
    form = GridForm(request.POST or None, request.FILES or None, grid=grid, initial=initial)

    def change() -> HttpResponse:
        given = form.cleaned_data
        changed, notes = actions.change_grid(
            grid, name=given["name"], households=given["households"], outline=form.drawn(), why=given["why"],
            by=viewer,
        )  # fmt: skip
        answer = done(request, _("已保存{name}。").format(name=changed.name), "area", changed.code)
        _warn(request, notes)
        return answer

    return _grid_page(request, form, territory.area_of(viewer, code[:12]), grid, change)


def _warn(request: HttpRequest, notes: list[str]) -> None:
    if notes:
        messages.warning(request, "；".join(notes) + "。")


def _grid_page(
    request: DeskRequest, form: Form, community: Area, grid: Area | None, act: Callable[[], HttpResponse]
) -> HttpResponse:
    viewer = request.actor
    grids = queries.grids_below(viewer, community.code)
    facts = {"community": community, "grid": grid, "picture": picture_of(grids, community)}
    return answer_form(request, form, "grid/territory/grids/grid.html", facts, act)


@login_required
@read_or_write
def start(request: DeskRequest, code: str) -> HttpResponse:
    """One provisional grid for each community without one."""
    area = _area(request, code, Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)
    if request.method == "POST":
        made = actions.start_grids(code, by=request.actor)
        messages.success(request, _("已建 {n} 个暂定网格。").format(n=len(made)))
        return redirect("area", code)
    communities = list(queries.communities_without_grid(code).select_related("parent"))
    return render(request, "grid/territory/grids/start.html", {"area": area, "communities": communities})


# --- a file -----------------------------------------------------------------------------------------------


@login_required
@read_or_write
def upload(request: DeskRequest, code: str) -> HttpResponse:
    area = _area(request, code, Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)
    viewer = request.actor

    def keep(file: "UploadedFile[bytes]", datum: str) -> AreaFile:
        with on_disk(file.chunks()) as path:
            return actions.keep_grids_file(path, file.name or "", code, datum=datum, by=viewer)

    return upload_page(request, area, FileForm(request.POST or None, request.FILES or None), keep)


@login_required
@read_or_write
def upload_divisions(request: DeskRequest, code: str) -> HttpResponse:
    city = _area(request, code, Level.CITY)
    viewer = request.actor
    form = FileForm(request.POST or None, request.FILES or None)
    del form.fields["datum"]
    form.fields["file"].help_text = _("官方统计用区划代码，CSV 或 XLSX：代码、名称、简称、类型。")

    def keep(file: "UploadedFile[bytes]", _datum: str) -> AreaFile:
        with on_disk(file.chunks()) as path:
            return divisions.keep_divisions_file(path, file.name or "", code, by=viewer)

    return upload_page(request, city, form, keep, of_divisions=True)


def upload_page(
    request: DeskRequest,
    area: Area,
    form: Form,
    keep: Callable[["UploadedFile[bytes]", str], AreaFile],
    *,
    of_divisions: bool = False,
) -> HttpResponse:
    """Reads the file that was sent and goes to its preview; a refusal stands above the form."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = keep(form.cleaned_data["file"], form.cleaned_data.get("datum", ""))
                return redirect("area-file", kept.pk)
            except problems.Problem as problem:
                if problem.status in (403, 404):
                    raise
                form.add_error("file", f"{problem.detail}{problem.advice}")
                status = problem.status
    viewer = request.actor
    waiting = list(queries.files_waiting(viewer, area.code))
    facts = {
        "form": form,
        "area": area,
        "waiting": waiting,
        "of_divisions": of_divisions,
        "head": queries.HEAD,
    }
    return render(request, "grid/territory/grids/upload.html", facts, status=status)


@login_required
@require_safe
def file(request: DeskRequest, pk: int) -> HttpResponse:
    """What a file would do, line by line, or did."""
    viewer = request.actor
    found = queries.file_of(viewer, pk)
    report, seen = _preview(found)
    shown = request.GET.get("verdict", "")
    rows = sorted(
        (line for line in report if shown in ("", line["verdict"])),
        key=lambda line: LEAST.get(line["verdict"], 4),
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counts = [
        (name, label, sum(line["verdict"] == name for line in report)) for name, label in VERDICTS.items()
    ]
    facts = {
        "file": found, "area": territory.area_of(viewer, found.area), "page": page, "counts": counts,
        "shown": shown, "seen": seen, "verdicts": VERDICTS, "kinds": KINDS,
        "acts": sum(line["verdict"] in (planning.NEW, planning.CHANGED) for line in report),
    }  # fmt: skip
    return render(request, "grid/territory/grids/file.html", facts)


def _preview(found: AreaFile) -> tuple[list[dict[str, Any]], str]:
    """What is told of each line, and the fingerprint of it while the file waits."""
    if found.state != AreaFile.State.WAITING:
        return found.outcome, ""
    planned = divisions.planned(found) if found.what == AreaFile.What.DIVISIONS else actions.planned(found)
    return [line.told() for line in planned], planning.fingerprint(planned)


@login_required
@require_POST
def take(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    found = queries.file_of(viewer, pk)
    seen = request.POST.get("seen", "") or "-"
    act = divisions.take_divisions_file if found.what == AreaFile.What.DIVISIONS else actions.take_grids_file
    try:
        counts = planning.counted(act(found, seen=seen, by=viewer))
    except territory_problems.PreviewOutdated as problem:
        messages.warning(request, f"{problem.detail}{problem.advice}")
    else:
        done = _("已采用：新增 {new} 个，更改 {changed} 个，未采用 {refused} 行。")
        messages.success(request, done.format(**counts))
    return redirect("area-file", pk)


@login_required
@require_POST
def drop(request: DeskRequest, pk: int) -> HttpResponse:
    viewer = request.actor
    found = queries.file_of(viewer, pk)
    actions.drop_file(found, by=viewer)
    messages.success(request, _("已放弃“{file}”，没有采用其中任何一行。").format(file=found.name))
    return redirect("area", found.area)


@login_required
@require_safe
def lines(request: DeskRequest, pk: int, kind: str) -> HttpResponseBase:
    """The report as a table: every line with what became of it."""
    if kind not in KINDS:
        raise problems.NotHere()
    found = queries.file_of(request.actor, pk)
    report, _seen = _preview(found)
    head = [_("行"), _("结果"), _("代码"), _("名称"), _("原因代码"), _("原因"), _("提示")]
    rows = (
        [line["number"], VERDICTS[line["verdict"]], line["code"], line["name"], line["problem"], line["why"],
         "；".join(line["notes"])]
        for line in report
    )  # fmt: skip
    return as_table(kind, f"lines-{found.pk}", [head, *rows])


# --- what is there ----------------------------------------------------------------------------------------


@login_required
@require_safe
def grids_table(request: DeskRequest, code: str, kind: str) -> HttpResponseBase:
    """The grids below an area in the columns their import reads, or as GeoJSON."""
    viewer = request.actor
    _area(request, code, *Level.values)
    grids = queries.grids_below(viewer, code)
    if kind == "geojson":
        answer = JsonResponse(
            queries.geojson_of(grids), json_dumps_params={"ensure_ascii": False},
            content_type="application/geo+json",
        )  # fmt: skip
        answer["Content-Disposition"] = f'attachment; filename="grids-{code}.geojson"'
        return answer
    if kind not in KINDS:
        raise problems.NotHere()
    return as_table(kind, f"grids-{code}", queries.table_of(grids))
