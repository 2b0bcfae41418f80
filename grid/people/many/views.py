"""People by the list: handing one in, posts given and ended, first codes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from grid import problems
from grid.accounts import problems as accounts_problems
from grid.accounts.actions import give_first_codes
from grid.accounts.rules import FIRST_CODE_DAYS, code_shown
from grid.answers import answer_form
from grid.keeping import on_disk
from grid.outside import wholes
from grid.people import actions, queries
from grid.people.forms import CodesForm, EndsForm, PostsForm, SheetForm, SoughtForm
from grid.people.models import PeopleSheet
from grid.people.queries.judging import ADDED, NEW, OUTCOMES, REFUSED, judge
from grid.people.reading import read_people
from grid.people.rules import COLUMNS, SheetLine
from grid.people.views import giver
from grid.requests import DeskRequest
from grid.scope import Actor
from grid.sheets import KINDS, Rows, as_table
from grid.territory.models import Person

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 200  # lines of a report on the page; the file has all


# --- a list handed in -----------------------------------------------------------------------------------


@login_required
@read_or_write
def upload(request: DeskRequest) -> HttpResponse:
    viewer = giver(request)
    form = SheetForm(request.POST or None, request.FILES or None)

    def take() -> HttpResponse:
        file = form.cleaned_data["file"]
        with on_disk(file.chunks()) as path:
            lines = read_people(path, file.name)
        return redirect("people-sheet", actions.keep_sheet(file.name, lines, viewer).pk)

    facts = {"columns": [names[0] for names in COLUMNS.values()], "sheets": queries.sheets_of(viewer)[:10]}
    return answer_form(request, form, "grid/people/import.html", facts, take)


@login_required
@read_or_write
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """Before it is taken what would become of each line, afterwards what became of it."""
    viewer = giver(request)
    found = queries.sheet_of(viewer, pk)
    if request.method == "POST":
        actions.take_sheet(found, by=viewer)
        messages.success(request, _("已录入《%s》。") % found.file)
        return redirect("people-sheet", found.pk)
    lines = _report_of(found, viewer)
    tally = Counter(line["outcome"] for line in lines)
    facts = {
        "sheet": found,
        "refused": [line for line in lines if line["outcome"] == REFUSED][:SHOWN],
        "taken": [line for line in lines if line["outcome"] != REFUSED][:SHOWN],
        "tally": [(key, words, tally[key]) for key, words in OUTCOMES.items() if tally[key]],
        "words": OUTCOMES,
        "lines": len(lines),
        "will": sum(tally[key] for key in OUTCOMES if key not in (REFUSED, "same")),
        "new": len({line["person"] for line in lines if line["outcome"] in (NEW, ADDED)})
        if found.taken_at
        else 0,
    }
    return render(request, "grid/people/sheet.html", facts)


def _report_of(sheet: PeopleSheet, viewer: Actor) -> list[dict[str, Any]]:
    return sheet.report if sheet.taken_at else [line.told for line in judge(sheet.lines, viewer)]


@login_required
@require_safe
def report(request: DeskRequest, pk: int, kind: str) -> HttpResponseBase:
    viewer = giver(request)
    found = queries.sheet_of(viewer, pk)
    _known(kind)
    head = (_("行"), _("姓名"), _("登录名"), _("岗位"), _("结果"), _("代码"), _("原因"))
    fields = ("line", "name", "username", "post", "outcome", "code", "reason")
    lines = (
        [str(OUTCOMES[line["outcome"]]) if name == "outcome" else line[name] for name in fields]
        for line in _report_of(found, viewer)
    )
    return as_table(kind, f"people-{pk}", _with_head(head, lines))


@login_required
@require_safe
def empty_table(request: DeskRequest, kind: str) -> HttpResponseBase:
    """The columns, and one line that shows how they are filled."""
    giver(request)
    _known(kind)
    shown = ("示例", "shili", "13800000000", "网格员", "", "和平社区第一网格", "2026-01-01", "", "")
    return as_table(kind, "people", [[names[0] for names in COLUMNS.values()], shown])


@login_required
@require_safe
def postings_table(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Who is posted where, in the columns a list is handed in by: taken down, changed, and handed in again."""
    viewer = giver(request)
    _known(kind)
    return as_table(
        kind, "postings", [[names[0] for names in COLUMNS.values()], *queries.posted_lines(viewer)]
    )


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise problems.NotHere()


def _with_head(head: tuple[str, ...], lines: Iterable[Sequence[object]]) -> Rows:
    def rows() -> Iterator[Sequence[object]]:
        yield head
        yield from lines

    return rows()


# --- many chosen from the list --------------------------------------------------------------------------


def _chosen(request: HttpRequest, viewer: Actor) -> tuple[list[Person], int]:
    """Named by the address, so that a page can be reloaded and sent on; and how many of those named are not among them:
    they left, or are not the viewer's to look after."""
    pks = set(wholes(request.GET.getlist("person")))
    if len(pks) > actions.MOST_POSTS:
        raise accounts_problems.TooManyPeople(most=actions.MOST_POSTS, n=len(pks))
    chosen = queries.chosen(viewer, pks)
    return chosen, len(pks) - len(chosen)


@login_required
@read_or_write
def give_posts(request: DeskRequest) -> HttpResponse:
    """One post for everybody chosen; the area for all, or each of their own."""
    viewer = giver(request)
    chosen, missing = _chosen(request, viewer)
    form = PostsForm(request.POST or None, roles=queries.roles_given(viewer))
    facts: dict[str, Any] = {
        "people": [(person, request.POST.get(f"area-{person.pk}", "")[:60]) for person in chosen],
        "missing": missing,
    }

    def give() -> HttpResponse:
        given = form.cleaned_data
        first, last = (
            given["first_day"].isoformat(),
            given["last_day"].isoformat() if given["last_day"] else "",
        )
        lines: list[SheetLine] = [
            {
                "line": at, "name": person.full_name, "username": person.username, "phone": "", "role": given["role"],
                "area": own or given["area"], "first": first, "last": last, "department": given["department"],
            }
            for at, (person, own) in enumerate(facts["people"], 1)
        ]  # fmt: skip
        judged = actions.enter_people(lines, _("成批安排岗位"), by=viewer)
        facts["told"] = [line.told for line in judged]
        facts["words"] = OUTCOMES
        return render(request, "grid/people/posts.html", facts | {"form": form})

    return answer_form(request, form, "grid/people/posts.html", facts, give)


@login_required
@read_or_write
def end_posts(request: DeskRequest) -> HttpResponse:
    viewer = giver(request)
    chosen, missing = _chosen(request, viewer)
    posts = queries.ends_for(viewer, chosen)
    held = {post.person_id for post in posts}
    form = EndsForm(request.POST or None)

    def end() -> HttpResponse:
        ticked = form.chosen(posts)
        if not ticked:
            raise problems.NothingChosen()
        actions.end_posts(ticked, **form.cleaned_data, by=viewer)
        messages.success(request, _("已结束 %d 个岗位。") % len(ticked))
        return redirect("people")

    facts = {
        "posts": posts,
        "missing": missing,
        "without": [person for person in chosen if person.pk not in held],
    }
    return answer_form(request, form, "grid/people/ends.html", facts, end)


@login_required
@read_or_write
@never_cache
def codes(request: DeskRequest) -> HttpResponseBase:
    """First codes: shown once, on the answer that makes them, as a page to print or as a file. Whoever was meant and
    gets none is named on either, with the reason."""
    viewer = giver(request)
    people, others = _for_codes(request, viewer)
    form = CodesForm(request.POST or None)
    facts = {
        "people": people,
        "others": others,
        "days": FIRST_CODE_DAYS,
        "where": request.build_absolute_uri("/"),
    }

    def give() -> Any:
        given = give_first_codes(
            [person.pk for person in people], reason=form.cleaned_data["reason"], by=viewer
        )
        rows = [(person.full_name, person.username, code_shown(code)) for person, code in given]
        got = {person.pk for person, _code in given}
        left = [person for person in people if person.pk not in got]
        kind = request.POST.get("as", "")
        if kind in KINDS:
            head, why = (
                (_("姓名"), _("登录名"), _("首次登录码")),
                _("没有给出：另有岗位由别处安排，请那里给出"),
            )
            return as_table(
                kind, "codes", [head, *rows, *((person.full_name, person.username, why) for person in left)]
            )
        return render(request, "grid/people/codes.html", facts | {"given": rows, "left": left})

    return answer_form(request, form, "grid/people/codes.html", facts, give)


def _for_codes(request: HttpRequest, viewer: Actor) -> tuple[list[Person], list[Person]]:
    """Whoever was ticked, whoever a list brought, or everybody found who never had a password; and who of those ticked
    or brought needs no code."""
    asked = request.GET
    if asked.get("all"):
        form = SoughtForm(asked, areas=queries.tops_to_give(viewer))
        return queries.without_password(queries.found(viewer, form.sought())), []
    pks = set(wholes(asked.getlist("person")))
    if sheet := wholes(asked.getlist("sheet")):
        pks = {
            line["person"]
            for line in queries.sheet_of(viewer, sheet[0]).report
            if line["outcome"] in (NEW, ADDED)
        }
    meant = queries.people_of(viewer).filter(pk__in=pks)
    people = queries.without_password(meant)
    new = {person.pk for person in people}
    return people, [person for person in meant.order_by("full_name", "pk") if person.pk not in new]
