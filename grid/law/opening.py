"""Which numbers of the law nobody has confirmed, and what rests on them. Reads only; see grid/opening.py."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.calendar.now import today
from grid.law.models import Provision
from grid.law.queries import GROUPS
from grid.opening import Group, Line
from grid.scope import Actor, Right

# What stands on the numbers of a group. Without these no document may go out, no term be held against anybody; the
# numbers of the other groups order the authority's own work.
RESTS = {
    "compare": gettext_lazy("线索和比对结论"),
    "base": gettext_lazy("缴费基数和欠缴数额"),
    "compulsory": gettext_lazy("应参保险种"),
    "urging": gettext_lazy("督促告知书的期限"),
    "order": gettext_lazy("责令改正的期限"),
    "audit": gettext_lazy("稽核文书和期限"),
    "tax": gettext_lazy("移送税务"),
    "inspection": gettext_lazy("处罚的幅度和程序"),
    "penalty": gettext_lazy("罚款缴纳和加处"),
    "service": gettext_lazy("送达日的计算"),
    "remedy": gettext_lazy("复议和诉讼期限的告知"),
    "listing": gettext_lazy("列入名单的决定"),
    "sanction": gettext_lazy("联合惩戒"),
    "repair": gettext_lazy("信用修复和移出"),
    "announcement": gettext_lazy("社会公布"),
    "cite": gettext_lazy("文书所引的条文"),
    "pause": gettext_lazy("期限的中止"),
}


def law_lines(viewer: Actor, city: str) -> list[Line]:
    """One query."""
    if not viewer.can(Right.SEE_CASES, city):
        return []
    day = today()
    until = Q(valid_to=None) | Q(valid_to__gte=day)
    rows = Provision.objects.filter(until, valid_from__lte=day, reviewed=False).order_by("key")
    found: dict[str, int] = {}
    for key in rows.values_list("key", flat=True):
        group = key.partition(".")[0]
        found[group] = found.get(group, 0) + 1
    return [_line(found, True), _line(found, False)]


def _line(found: dict[str, int], is_blocking: bool) -> Line:
    counts = {group: n for group, n in found.items() if (group in RESTS) == is_blocking}
    left = sum(counts.values())
    title = _("对外文书所依据的参数") if is_blocking else _("内部工作的参数")
    words = _("{n} 个参数待法制审核").format(n=left) if left else _("都已法制审核")
    parts = [(_words(group, n), f"{reverse('law')}?unreviewed=1") for group, n in sorted(counts.items())]
    href = f"{reverse('law')}?unreviewed=1"
    return Line(Group.LAW, title, left, words, href, is_blocking=is_blocking, parts=parts)


def _words(group: str, n: int) -> str:
    name = GROUPS.get(group, group)
    rests = RESTS.get(group)
    if rests is None:
        return _("{name} {n} 个").format(name=name, n=n)
    return _("{name} {n} 个：{rests}以此为据").format(name=name, n=n, rests=rests)
