"""The table of outcomes in words: what its rows may ask for, count a door as and be followed by. Pure.

The rows are read and obeyed in a room above the law (tasks/outcomes); a test holds its words to these.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from grid.texts import Text

ASKS: Final[Mapping[str, Text]] = {
    "ground": _("依据"),
    "address": _("新地址"),
    "other": _("另一户的代码或名称"),
    "others": _("分立后的单位"),
    "back": _("再访日期"),
    "photo": _("现场照片"),
}
FOLLOWS: Final[Mapping[str, Text]] = {
    "again": _("到期再访"),
    "merge": _("合并建议"),
    "note": _("告知市场监管"),
    "place": _("按新地址归格"),
}
OUTCOME_WORDS: Final[Mapping[str, Text]] = {
    "of": _("结果"),
    "order": _("次序"),
    "who": _("适用于"),
    "state": _("计为"),
    "needs": _("必须填写"),
    "may": _("可以填写"),
    "follows": _("接下来"),
    "done": _("已核查"),
    "refused": _("拒访"),
    "closed": _("歇业"),
    "moved": _("迁出"),
    "not_found": _("查无此户"),
    "nobody_in": _("无人在场"),
    "not_a_subject": _("不属扩面对象"),
    "units": _("单位"),
    "traders": _("个体工商户"),
    "homes": _("住户"),
    "persons": _("灵活就业与困难人员"),
    "found_out": _("按所见"),
    "to_check": _("待查"),
    "not_sent": _("未派"),
    "to_review": _("待复核"),
    "gone": _("已注销（走访）"),
    **ASKS,
    **FOLLOWS,
}
