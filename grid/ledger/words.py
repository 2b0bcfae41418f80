"""How the parts of a fact are called when a sentence lists them: columns of a subject, questions of a form.

The ledger keeps their code names, which never change; people read these. A test refuses a question of a form
or a column of a subject that has no word here.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Any] = {
    # --- a subject's own columns ---
    "name": _("名称"),
    "kind": _("类型"),
    "standing": _("登记状态"),
    "address": _("地址"),
    "industry": _("行业"),
    "established_on": _("成立日期"),
    "credit_code": _("统一社会信用代码"),
    "legacy_code": _("注册号"),
    # --- questions at the door ---
    "outcome": _("走访结果"),
    "operating": _("是否在经营"),
    "employees": _("在岗人数"),
    "contracts": _("劳动合同人数"),
    "insured_seen": _("自报参保人数"),
    "types_seen": _("参保险种"),
    "wage_base": _("缴费基数"),
    "exempt_retired": _("退休返聘人数"),
    "exempt_students": _("实习学生人数"),
    "exempt_elsewhere": _("在他处参保人数"),
    "own_insurance": _("经营者养老保险"),
    "hardship": _("困难类别"),
    "lapsed": _("中断缴费"),
    "lapsed_count": _("中断缴费人数"),
    "platform_workers": _("平台用工人数"),
    "remark": _("备注"),
    # --- evidence ---
    "refusal_photo": _("拒访现场照片"),
    "photo": _("照片"),
    "signature": _("签名"),
}


def word(name: Any) -> str:
    """The word for one part; what has none stays as it is."""
    return str(WORDS.get(name, name))
