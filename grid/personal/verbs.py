"""The acts of grid/personal as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class PersonalVerb(Verb):
    PERSONAL_REVEALED = "personal.revealed", _("查看了个人信息[：{fields}][，事由：{reason}]")
    FORGETTING_ASKED = "forgetting.asked", _("申请遗忘个人信息[，依据：{reason}][，说明：{remark}]")
    FORGETTING_REFUSED = "forgetting.refused", _("不准予遗忘个人信息[，意见：{opinion}]")
