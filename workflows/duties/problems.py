"""The refusals of workflows/duties; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class DepartmentNotInForce(Problem):
    code = "department-not-in-force"
    status = 409
    title = _("部门已撤并")
    template = _("“{name}”现已不存在，其职责由“{successor}”承接。")
    advice = _("请转给承接的部门。")


class DutyOfAnother(Problem):
    code = "duty-of-another"
    status = 422
    title = _("依据与部门不符")
    template = _("“{clause}”不是“{name}”的职责。")
    advice = _("请选择该部门自己的职责条款。")


class NoLiaison(Problem):
    code = "no-liaison"
    status = 409
    title = _("该部门没有联络员")
    template = _("“{name}”在{area}没有在岗的联络员，转办件送出后无人接收。")
    advice = _("请先在“区划”为该部门安排联络员岗位。")


class NothingToRefer(Problem):
    code = "nothing-to-refer"
    status = 409
    title = _("没有可转办的发现")
    template = _("按所选条件没有可转办的发现，或者都已转给该部门。")
    advice = _("请放宽条件，或查看已转办的件。")


class TooManyToRefer(Problem):
    code = "too-many-to-refer"
    status = 422
    title = _("一次转办过多")
    template = _("所选条件共有 {count} 件，一次最多转办 {most} 件。")
    advice = _("请缩小范围，分几次转办。")


class FileNotTaken(Problem):
    code = "file-not-taken"
    status = 415
    title = _("附件不能接收")
    template = _("“{name}”不能接收：{why}。")
    advice = _("可用 PDF、图片（JPG、PNG）、Word、Excel 和 CSV，每份 10 MB 以内，一次最多 5 份。")


class FiguresWrong(Problem):
    code = "figures-wrong"
    status = 422
    title = _("数字不合")
    template = _("已参保 {insured} 不能多于核查 {checked}。")
    advice = _("请核对后重新填写；没有核查数时不填已参保数。")


class SameDepartment(Problem):
    code = "same-department"
    status = 422
    title = _("不能退给本部门")
    template = _("退回时须指明应由哪个部门办理，不能是“{name}”自己。")


class PlanUnbalanced(Problem):
    code = "plan-unbalanced"
    status = 409
    title = _("分解数与总数不符")
    template = _("“{goal}”总数 {whole}，分解合计 {parts}，相差 {gap}，没有写明理由。")
    advice = _("请改正分解数，或者写明差额的理由。")


class PlanInTheWay(Problem):
    code = "plan-in-the-way"
    status = 409
    title = _("已有计划")
    template = _("{area} {year} 年度已有第 {version} 版计划（{state}）。")
    advice = _("请打开这一版继续；已下达的计划用“调整”编制新版。")


class NothingBelow(Problem):
    code = "nothing-below"
    status = 422
    title = _("这一级不分解计划")
    template = _("“{area}”没有可以分解目标的下级：市分解到区，区分解到街道（镇）。")


class PlanOutdated(Problem):
    code = "plan-outdated"
    status = 409
    title = _("上级计划已调整")
    template = _("第 {version} 版草案所依据的上级计划已由新版替代，不能下达。")
    advice = _("请撤回这份草案，按上级新版重新分解。")


class PlanNotHandedDown(Problem):
    code = "plan-not-handed-down"
    status = 409
    title = _("上级计划尚未下达")
    template = _("{area} {year} 年度还没有收到上级下达的目标，不能分解。")
