"""The acts of mobile_api/handin as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class HandinVerb(Verb):
    UNSENT_TAKEN = (
        "unsent.taken",
        _(
            "导入了手机导出文件[，走访 {visits} 条][，照片 {photos} 张][，意见建议 {suggestions} 条][，未能接收 {refused} 条]"
        ),
    )
