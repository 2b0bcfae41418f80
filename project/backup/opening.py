"""Whether a copy of the city lies somewhere. Reads only; see grid/opening.py."""

from django.utils.translation import gettext as _

from grid.opening import Group, Line
from grid.scope import Actor, Right
from project.backup.reports import age_of


def backup_lines(viewer: Actor, city: str) -> list[Line]:
    """No query: the reports lie beside the data."""
    if not viewer.can(Right.SEE_CASES, city):
        return []
    age = age_of("backup")
    if age is None:
        words = _("还没有备份过：请运维人员启用每夜的备份，并演练一次恢复（deploy/backup/README.md）")
        return [Line(Group.SAFETY, _("备份"), 1, words, is_blocking=True)]
    words = _("最近一次备份在 {n} 小时以前").format(n=int(age // 3600))
    return [Line(Group.SAFETY, _("备份"), 0, words, is_blocking=True)]
