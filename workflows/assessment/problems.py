"""The refusals of workflows/assessment; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class YearFrozen(Problem):
    code = "year-frozen"
    status = 409
    title = _("年度已封定")
    template = _("{year} 年度考核已于 {when} 封定，不能再改动。")


class NotComputed(Problem):
    code = "not-computed"
    status = 409
    title = _("尚未计算")
    template = _("{year} 年度考核还没有计算，不能公示。")
    advice = _("请先计算，再核对各项数字。")


class YearNotOver(Problem):
    code = "year-not-over"
    status = 409
    title = _("年度尚未终了")
    template = _("{year} 年度考核自 {first} 起才可以向各区公示和封定。")
    advice = _("在此之前可以试算；年度终了后留出的时间用于收齐各部门的名册。")


class ComputedTooEarly(Problem):
    code = "computed-too-early"
    status = 409
    title = _("结果不是全年的")
    template = _("{year} 年度考核最近一次计算在 {when}，早于 {first}，不含全年。")
    advice = _("请重新计算后再公示。")


class AssessmentObjectionOpen(Problem):
    code = "assessment-objection-open"
    status = 409
    title = _("异议尚未答复")
    template = _("{year} 年度考核有 {count} 件异议没有答复，不能封定。")
    advice = _("请逐件答复；异议成立的，重新计算后再次公示。")


class ResponsesRunning(Problem):
    code = "responses-running"
    status = 409
    title = _("各区的异议期未满")
    template = _("{year} 年度考核有 {count} 个区尚未回应，可在 {until} 前提出异议。")
    advice = _("请等各区都已回应，或异议期满后再提请封定。")


class ResponseOver(Problem):
    code = "response-over"
    status = 409
    title = _("现在不能回应")
    template = _("{year} 年度考核这次公示的异议期已满，或已收回、提请封定。")


class NumbersTouched(Problem):
    code = "numbers-touched"
    status = 409
    title = _("数字与公示的不符")
    template = _("{year} 年度考核所存的数字或名单与公示时的指纹不符，可能绕过系统被改动。")
    advice = _("请查台账自检，收回公示后重新计算。")
