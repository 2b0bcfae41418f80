"""The refusals of grid/offices; grid/problems.py says what a refusal is."""

from django.utils.translation import gettext_lazy as _

from grid.problems import Problem


class OfficeMissing(Problem):
    """A paper names no office that two persons did not vouch for. A template shows nothing where one is missing."""

    silent_variable_failure = True
    code = "office-missing"
    status = 409
    title = _("缺少经确认的机关")
    template = _("{area}在 {on} 没有经确认的“{part}”，不能制作文书。")
    advice = _("请法制审核员在“法规 → 机关”录入，并由另一人确认；已录入的须先确认。")


class OfficeAreaWrong(Problem):
    code = "office-area-wrong"
    status = 422
    title = _("不是本市的区划")
    template = _("“{area}”不是本市（{city}）或其所辖区的代码。")
    advice = _("机关按市或区录入，区划须已导入。")


class OfficeFieldWrong(Problem):
    code = "office-field-wrong"
    status = 422
    title = _("机关资料不对")
    template = _("“{part}”的“{field}”{why}。")


class OfficeWordTaken(Problem):
    """Numbers given under a word stay: it never passes to another office."""

    code = "office-word-taken"
    status = 409
    title = _("代字已被使用")
    template = _("代字“{word}”属于 {area} 的“{part}”，不能再给别的机关。")
    advice = _("请另定代字；案号和文号全市不得重复。")


class OfficeThere(Problem):
    code = "office-there"
    status = 409
    title = _("这一天已有记录")
    template = _("“{part}”已有自 {day} 起的记录。")
    advice = _("请先撤回还没有确认的那一条，或者另选日期。")


class OfficeInThePast(Problem):
    code = "office-in-the-past"
    status = 422
    title = _("不能改变过去")
    template = _("在用的机关只能自今天（{today}）或以后的日期更替、终止，不能是 {day}。")
    advice = _("已经发出的文书按其制作之日的机关，不受更替影响。")


class OfficeEnded(Problem):
    code = "office-ended"
    status = 409
    title = _("已经终止")
    template = _("“{name}”已于 {on} 终止。")


class OfficeUnconfirmed(Problem):
    code = "office-unconfirmed"
    status = 409
    title = _("还没有确认")
    template = _("“{name}”还没有确认，不能终止。")
    advice = _("没有确认的可以直接撤回。")


class OfficeConfirmedAlready(Problem):
    code = "office-confirmed-already"
    status = 409
    title = _("已经确认")
    template = _("“{name}”已经确认。")
    advice = _("要更改的，请录入新的一条；要停用的，请终止。")


class OfficeFileWrong(Problem):
    code = "office-file-wrong"
    status = 422
    title = _("机关文件有误，没有导入")
    template = _("“{name}”：{lines}。")
    advice = _("请改正这些行后重新导入；已经录入过的行会自动跳过。")
