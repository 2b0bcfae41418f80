"""Looking a parameter up as it stood on a day, and reading the law at the desk."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.law import problems as law_problems
from grid.law.models import Provision
from grid.law.rules import in_words, kind_of
from grid.law.rules.telling import Line, lines_of
from grid.law.verbs import LawVerb
from grid.ledger.models import Entry
from grid.scope import Actor, Right
from grid.texts import Text

TOLD = (
    LawVerb.LAW_CHANGED, LawVerb.LAW_REVIEWED, LawVerb.LAW_ENDED, LawVerb.LAW_WITHDRAWN, LawVerb.LAW_CARRIED,
)  # fmt: skip
# What the first part of a key is about; one that is not here stands under its own name.
GROUPS = {
    "registers": _("名册送达"),
    "placing": _("归格"),
    "compare": _("名册比对"),
    "base": _("缴费基数"),
    "compulsory": _("参保险种"),
    "dispatch": _("派发核查"),
    "urging": _("督促告知"),
    "order": _("责令改正"),
    "audit": _("稽核"),
    "tax": _("移送税务"),
    "reminder": _("断缴提醒"),
    "inspection": _("劳动监察与处罚"),
    "penalty": _("处罚决定的履行"),
    "signing": _("会签与委派"),
    "service": _("送达"),
    "remedy": _("复议与诉讼"),
    "listing": _("列入名单"),
    "sanction": _("联合惩戒"),
    "repair": _("信用修复"),
    "announcement": _("重大违法社会公布"),
    "counter": _("用人单位窗口"),
    "cite": _("文书所引条文"),
    "duty": _("部门职责"),
    "assess": _("考核"),
    "dust": _("粉尘行业"),
    "pause": _("期限中止的事由"),
    "sla": _("办理时限（超时报上级）"),
    "stuck": _("卡点检查"),
    "privacy": _("个人信息"),
    "outcome": _("走访结果"),
}


def require_reviewed(waiting: Iterable[str], act: Text) -> None:
    """Part of whatever goes out: what rests on law that no lawyer has passed is shown, and tried in a demo; otherwise it is
    neither served nor published. Raises LawUnreviewed naming what waits."""
    names = list(dict.fromkeys(waiting))
    if names and not settings.DEMO:
        raise law_problems.LawUnreviewed(act=act, waiting="；".join(names))


class Law(Mapping[str, Provision]):
    """The provisions in force on one day: pass it down instead of asking again.

    Nearly every act wants one or two of a hundred, so they are read by the first part of their key, one query for
    each that is asked for.
    """

    def __init__(self, on: date) -> None:
        self.on = on
        self._groups: dict[str, dict[str, Provision]] = {}

    def __getitem__(self, key: str) -> Provision:
        group = key.partition(".")[0]
        if group not in self._groups:
            self._groups[group] = self._read(key__startswith=f"{group}.")
        if key not in self._groups[group]:
            raise law_problems.LawMissing(key=key, on=self.on)
        return self._groups[group][key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def some(self, *keys: str) -> dict[str, Provision]:
        """Those of `keys` that have a provision, whatever their groups. One query."""
        return self._read(key__in=keys)

    def _read(self, **wanted: Any) -> dict[str, Provision]:
        until = Q(valid_to=None) | Q(valid_to__gte=self.on)
        in_force = Provision.objects.filter(until, valid_from__lte=self.on, **wanted)
        return {provision.key: provision for provision in in_force.order_by("valid_from")}


def the_law(on: date) -> Law:
    """The law of a day. Raises LawMissing for a parameter that has no provision then: a gap to be filled, not guessed."""
    return Law(on)


# --- at the desk -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is shown: the value in words, and whether it is in force, over or yet to begin."""

    provision: Provision
    value: str
    is_now: bool
    is_to_come: bool
    may_review: bool


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: list[Version]


def sections_of(viewer: Actor, text: str = "", unreviewed: bool = False) -> list[Section]:
    """The parameters in force (or next to be), by what they are about; two queries. Any posting reads the law.

    Raises NotHere without a posting.
    """
    rows = _visible(viewer)
    if text:
        rows = rows.filter(Q(key__icontains=text) | Q(title__contains=text) | Q(basis__contains=text))
    current = {p.key: p for p in sorted(rows, key=_nearness)}
    # One that is to come and waits is found as well, under the one in force.
    waits = {p.key for p in rows if not p.reviewed and (p.valid_to is None or p.valid_to >= today())}
    shown = [p for p in current.values() if not unreviewed or p.key in waits]
    titles = _titles()
    groups: dict[str, list[Version]] = {}
    for provision in sorted(shown, key=lambda p: p.key):
        groups.setdefault(provision.key.partition(".")[0], []).append(_version(provision, viewer, titles))
    order = [*GROUPS, *sorted(set(groups) - set(GROUPS))]
    return [Section(str(GROUPS.get(name, name)), groups[name]) for name in order if name in groups]


def _nearness(provision: Provision) -> tuple[int, int]:
    """Sorts so that of each key the version in force comes last, else the next to begin, else the last ended."""
    now = today()
    if provision.valid_from > now:
        return 1, -provision.valid_from.toordinal()
    is_over = provision.valid_to is not None and provision.valid_to < now
    return (0 if is_over else 2), provision.valid_from.toordinal()


def versions_of(viewer: Actor, key: str) -> list[Version]:
    """Every version of a parameter, newest first. Raises NotHere."""
    rows = _visible(viewer).filter(key=key).order_by("-valid_from")
    titles = _titles()
    found = [_version(provision, viewer, titles) for provision in rows]
    if not found:
        raise problems.NotHere()
    return found


def table_of(versions: Iterable[Version]) -> list[Line]:
    """The whole of the version in force in words, where one line cannot say it; else empty."""
    now = next((version.provision for version in versions if version.is_now), None)
    return table_in(now) if now else []


def table_in(version: Provision) -> list[Line]:
    return lines_of(version.value, version.unit) if kind_of(version.value, version.unit) == "table" else []


def shown_of(viewer: Actor, version: Provision) -> Version:
    """One version in words, for whoever reviews or ends it; two queries."""
    return _version(version, viewer, _titles())


def version_at(viewer: Actor, pk: int) -> Provision:
    found = _visible(viewer).filter(pk=pk).first()
    if found is None:
        raise problems.NotHere()
    return found


def history_of(key: str) -> Iterable[Entry]:
    """The entries about a parameter, the newest first. The law is nobody's territory: whoever reads it may know."""
    return Entry.objects.select_related("leaf").filter(verb__in=TOLD, data__key=key).order_by("-pk")[:100]


def _visible(viewer: Actor) -> QuerySet[Provision]:
    if not (viewer.held or viewer.machine):
        raise problems.NotHere()
    return Provision.objects.all()


def _titles() -> dict[str, str]:
    return dict(Provision.objects.values_list("key", "title"))


def may_review(viewer: Actor, version: Provision) -> bool:
    """Four eyes: a version that waits for review is offered to another than who entered it."""
    is_another = viewer.person_id is not None and viewer.person_id != version.entered_by_id
    return not version.reviewed and is_another and viewer.can(Right.CONFIRM_LAW, settings.CITY)


def versions_to_review(viewer: Actor) -> QuerySet[Provision]:
    """Versions somebody else entered, not over and still marked 待法制审核: nobody's where the viewer may not review.
    The shipped ones, which nobody entered, are no piece of work of a day: the first week's list has them."""
    if not viewer.can(Right.CONFIRM_LAW, settings.CITY):
        return Provision.objects.none()
    rows = Provision.objects.filter(_not_over(), reviewed=False, entered_by__isnull=False)
    return rows.exclude(entered_by=viewer.person_id)


def _not_over() -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=today())


def _version(provision: Provision, viewer: Actor, titles: Mapping[str, str]) -> Version:
    now, last = today(), provision.valid_to
    is_now = provision.valid_from <= now and (last is None or last >= now)
    value = in_words(provision.value, provision.unit, titles)
    return Version(provision, value, is_now, provision.valid_from > now, may_review(viewer, provision))
