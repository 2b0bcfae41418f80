"""The refusals of grid/people; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class AreaAmbiguous(Problem):
    code = "area-ambiguous"
    status = 422
    title = _("区划名称不止一个")
    template = _("“{area}”有 {n} 个：{codes}。")
    advice = _("请改填区划代码。")


class RoleUnknown(Problem):
    code = "role-unknown"
    status = 422
    title = _("没有这种岗位")
    template = _("“{role}”不是本系统的岗位。")
    advice = _(
        "可填：网格员、社区复核员、街道主管、区主管、稽核员、劳动监察员、市扩面办、部门联络员、审计员、法制审核员、组织人事。"
    )


class DayUnreadable(Problem):
    code = "day-unreadable"
    status = 422
    title = _("日期认不出")
    template = _("“{day}”不是日期。")
    advice = _("请写作 2026-01-31。")


class TooManyLines(Problem):
    code = "too-many-lines"
    status = 422
    title = _("行数太多")
    template = _("一次最多录入 {most} 行。")
    advice = _("请分成几份文件。")


class CityManaged(Problem):
    code = "city-managed"
    status = 409
    title = _("已经有人可以办理")
    template = _("{area}已有{role}：{names}。")
    advice = _("请由他在“人员”页新增人员、安排岗位、给出登录码。")
