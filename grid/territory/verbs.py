"""The acts of grid/territory as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class TerritoryVerb(Verb):
    TERRITORY_IMPORTED = "territory.imported", _("导入了行政区划[，共 {areas} 个][，文件“{file}”]")
    AREA_FILE_KEPT = "area.file_kept", _("提交了{what}文件[“{file}”][，共 {lines} 行]，尚待确认")
    AREA_FILE_DROPPED = "area.file_dropped", _("放弃了区划文件[“{file}”]，没有采用其中任何一行")
    DIVISION_RENAMED = "division.renamed", _("更改了区划 {area} 的名称[，原名“{before}”][，现名“{name}”]")
    GRID_ADDED = "grid.added", _("新增了网格[“{name}”]（{area}）[，{households} 户][，{why}]")
    GRID_CHANGED = "grid.changed", _("更改了网格 {area}[“{name}”]的{changed}[，依据：{why}]")
    GRIDS_IMPORTED = (
        "grids.imported",
        _("按文件[“{file}”]导入网格[，新增 {added} 个][，更改 {changed} 个][，未采用 {refused} 行]"),
    )
    GRIDS_STARTED = "grids.started", _("为没有网格的社区先各建了一个暂定网格[，共 {count} 个]")
    OUTLINE_DRAWN = "outline.drawn", _("画定了{name}（{area}）的边界[，依据：{why}]")
    PERSON_ADDED = "person.added", _("登记了工作人员[“{name}”]")
    PERSON_CORRECTED = "person.corrected", _("更正了工作人员的信息[：{name}][，{fields}]")
    PERSON_DEACTIVATED = "person.deactivated", _("停用了工作人员账号[“{name}”][，理由：{reason}]")
    PERSON_REACTIVATED = "person.reactivated", _("恢复了工作人员账号[“{name}”][，理由：{reason}]")
    POSTING_GIVEN = "posting.given", _("安排了岗位[：{name}][任{role_name}][，自 {from} 起]")
    POSTING_ENDED = "posting.ended", _("结束了岗位[：{name}][，截至 {until}][，理由：{reason}]")
    ABSENCE_NOTED = "absence.noted", _("登记了缺勤[：{name}][，{from} 至 {until}][，由{cover}代班]")
    ABSENCE_ENDED = "absence.ended", _("提前结束了缺勤[：{name}][，{from} 至 {until}]")
