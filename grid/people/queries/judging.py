"""What would become of each line of a list of people: the same refusals as one by one, from what is read at once.

Nothing is written here. A list is judged when it is shown, and again in the transaction that takes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from grid import outside, problems
from grid.calendar.now import today
from grid.people import problems as people_problems
from grid.people.rules import SheetLine, role_named
from grid.registers.rules.values import day_of
from grid.scope import Actor, Right, Role, require
from grid.tables import problems as tables_problems
from grid.territory import problems as territory_problems
from grid.territory.actions import person_facts, refuse_clash, refuse_unfit
from grid.territory.choosing.queries import code_chosen
from grid.territory.models import Area, Person, Posting
from grid.territory.queries import (
    GIVING,
    city_code,
    gives_posts,
    readable,
    refuse_closed,
    require_poster,
    seen,
)
from grid.territory.rules import level_of, may_be_posted, short_code

NEW, ADDED, POSTED, SAME, REFUSED = "new", "added", "posted", "same", "refused"
OUTCOMES = {
    NEW: _("新增人员并安排岗位"),
    ADDED: _("新增人员"),
    POSTED: _("安排岗位"),
    SAME: _("没有变化"),
    REFUSED: _("退回"),
}


@dataclass(slots=True)
class Standing:
    """Somebody of the list, and everything they hold, held or will hold; a `person` without a key is new."""

    person: Person
    posts: list[Posting] = field(default_factory=list)


@dataclass(slots=True)
class Judged:
    line: SheetLine
    outcome: str = REFUSED
    standing: Standing | None = None
    posting: Posting | None = None
    problem: problems.Problem | None = None
    place: str = ""

    @property
    def told(self) -> dict[str, object]:
        """The line of the report."""
        post = self.posting
        words = f"{Role(post.role).label} · {self.place}" if post else ""
        return {
            "line": self.line["line"],
            "name": self.line["name"],
            "username": self.line["username"],
            "post": words or " · ".join(filter(None, (self.line["role"], _area_text(self.line)))),
            "outcome": self.outcome,
            "code": self.problem.code if self.problem else "",
            "reason": f"{self.problem.detail}{self.problem.advice}" if self.problem else "",
            "person": self.standing.person.pk if self.standing else None,
        }


def judge(lines: Sequence[SheetLine], by: Actor) -> list[Judged]:
    """Asks of every line, in its order, what would become of it; what an earlier one adds is known to the later ones."""
    known = _Known(lines, by)
    return [known.judge(line) for line in lines]


def _area_text(line: SheetLine) -> str:
    return str(line["area"] or line.get("area_name", ""))


class _Known:
    """What the lines speak of, read at once: the people, their posts, and the areas `by` gives posts in."""

    def __init__(self, lines: Sequence[SheetLine], by: Actor) -> None:
        self.by, self.day = by, today()
        names = {str(line["username"]).strip().lower() for line in lines}
        rows = Person.objects.annotate(low=Lower("username")).filter(low__in=names)
        self.people = {row.username.casefold(): Standing(row) for row in rows}
        by_key = {standing.person.pk: standing for standing in self.people.values()}
        for post in Posting.objects.filter(person__in=by_key).select_related("area").defer("area__outline"):
            by_key[post.person_id].posts.append(post)
        self.areas = Area.objects.defer("outline").in_bulk() if by.machine else _areas_of(by)
        self.called: dict[str, list[Area]] = {}
        for area in self.areas.values():
            for words in _calls(area, self.areas.get(area.parent_id or "")):
                self.called.setdefault(words, []).append(area)

    def judge(self, line: SheetLine) -> Judged:
        judged = Judged(line)
        try:
            self._judge(line, judged)
        except problems.Problem as problem:
            judged.outcome, judged.problem = REFUSED, problem
            judged.standing = judged.posting = None
        return judged

    def _judge(self, line: SheetLine, judged: Judged) -> None:
        if line.get("fault"):
            raise tables_problems.LineUnread(why=line["fault"])
        username, name, phone = person_facts(line["username"], line["name"], line["phone"])
        standing = self.people.get(username.casefold())
        if standing and _is_somebody_else(standing.person, name, phone):
            raise territory_problems.LoginTaken(name=username)
        if standing and not standing.person.is_active:
            raise territory_problems.PersonUnknown(name=username)
        role = self._role(line["role"])
        area = self._area(line, role)
        is_new = standing is None
        standing = standing or Standing(_person(username, name, phone, area.code))
        post = self._post(standing, role, area, line) if role else None
        if line.get("is_new") and not is_new:
            raise territory_problems.LoginTaken(name=username)
        if is_new:
            self.people[username.casefold()] = standing
        if post:
            standing.posts.append(post)
        judged.standing, judged.posting = standing, post
        parent = self.areas.get(area.parent_id or "")
        judged.place = readable(area.name, area.level, parent.short_name if parent else "")
        judged.outcome = (NEW if post else ADDED) if is_new else POSTED if post else SAME

    def _role(self, text: str) -> str:
        role = role_named(text, [(choice.value, str(choice.label)) for choice in Role])
        if text and not role:
            raise people_problems.RoleUnknown(role=text[:40])
        return role

    def _post(self, standing: Standing, role: str, area: Area, line: SheetLine) -> Posting | None:
        """None when the person holds just this post already."""
        person = standing.person
        if person.pk is not None and person.pk == self.by.person_id:
            raise territory_problems.OwnPosting()
        require_poster(self.by, role, area.code)
        refuse_closed(area, self.day)
        first = self._day(line["first"]) or self.day
        last = self._day(line["last"])
        refuse_unfit(role, area, first, last)
        try:
            refuse_clash(person.full_name, standing.posts, role, area, first, last)
        except territory_problems.PostingHeld:
            return None
        return Posting(
            person=person,
            role=role,
            area=area,
            department=line["department"][:40],
            valid_from=first,
            valid_to=last,
        )

    def _day(self, text: str) -> date | None:
        try:
            read = day_of(text)
            return outside.day(read) if read else None
        except (ValueError, outside.Unreadable) as error:
            raise people_problems.DayUnreadable(day=text[:40]) from error

    def _area(self, line: SheetLine, role: str) -> Area:
        """By its code, or by a name that only one area has that the role may stand in; for somebody without a post the
        area they are added in, where nothing is said the widest of `by`."""
        text = _area_text(line).strip()
        # What the field of an area puts in: its names, with the code behind them.
        text = code_chosen(text) or text
        if not text and not role:
            text = min(
                (code for right in GIVING for code in self.by.areas(right)), key=len, default=city_code()
            )
        if outside.is_digits(text):
            code = short_code(text) if len(text) == 12 else text
            if code not in self.areas:
                raise (
                    territory_problems.UnknownArea(area=text)
                    if self.by.machine or not level_of(code)
                    else problems.NotHere()
                )
            area = self.areas[code]
        else:
            area = self._area_called(text, role)
        if not gives_posts(self.by, area.code):
            require(self.by, Right.POST, area.code)
        return area

    def _area_called(self, text: str, role: str) -> Area:
        found = [
            area
            for area in self.called.get("".join(text.split()), ())
            if not role or may_be_posted(role, area.code)
        ]
        found = [area for area in found if area.valid_to is None or area.valid_to >= self.day] or found
        if not found:
            raise territory_problems.UnknownArea(area=text[:40])
        if len(found) > 1:
            codes = "、".join(area.code for area in found[:5])
            raise people_problems.AreaAmbiguous(area=text[:40], n=len(found), codes=codes)
        return found[0]


def _areas_of(by: Actor) -> dict[str, Area]:
    rows: QuerySet[Area] = seen(Area.objects.defer("outline"), by, "code")
    return {area.code: area for area in rows}


def _calls(area: Area, parent: Area | None) -> Iterable[str]:
    """What people call an area: its name, and with the name of what it lies in."""
    names = {area.name, area.short_name}
    above = {parent.name, parent.short_name} if parent else set()
    return {"".join(name.split()) for name in names | {a + n for a in above for n in names} if name}


def _is_somebody_else(person: Person, name: str, phone: str) -> bool:
    """Namesakes are told apart by their telephones, where both are known."""
    return person.full_name != name or bool(phone and person.phone and person.phone != phone)


def _person(username: str, name: str, phone: str, home: str) -> Person:
    return Person(username=username, full_name=name, phone=phone, home=home, password=make_password(None))
