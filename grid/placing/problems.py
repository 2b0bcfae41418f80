"""The refusals of grid/placing; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class NotAGrid(Problem):
    code = "not-a-grid"
    status = 422
    title = _("不是可以归入的区划")
    template = _("“{area}”不是街道、社区或网格，对象不能归入。")


class PlaceUnclear(Problem):
    code = "grid-unclear"
    status = 422
    title = _("看不出是哪个网格")
    template = _("“{text}”不是可选的网格。")
    advice = _("请从提示中选一个，或写 15 位网格代码；只有一个网格的社区也可写社区代码。")


class KnownAlready(Problem):
    code = "place-known"
    status = 409
    title = _("已经归到那里")
    template = _("“{name}”已经在{area}待归格。")
    advice = _("请选其中的社区或网格。")


class LocalCodeMissing(Problem):
    code = "local-code-missing"
    status = 422
    title = _("缺少编码")
    template = _("“{kind}”要有编码：项目填项目代码，宣传点填点位编号，自然人填公民身份号码。")


class NameMissing(Problem):
    code = "name-missing"
    status = 422
    title = _("名称不成立")
    template = _("“{value}”不能作为单位名称。")


class SubjectKnown(Problem):
    code = "subject-known"
    status = 409
    title = _("对象已在册")
    template = _("代码 {value} 已在册，无需重复登记。")


class PlaceNameWrong(Problem):
    """A line of a table of place names that does not say what it must."""

    code = "place-name-wrong"
    status = 422
    title = _("这一行地名不能采用")
    template = _("{why}")


class PlaceNameCircle(Problem):
    code = "place-name-circle"
    status = 422
    title = _("旧名绕回自己")
    template = _("旧名的去向绕回了自己：{way}。")
    advice = _("请查核更名文件，改正其中一条。")
