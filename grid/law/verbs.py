"""The acts of grid/law as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class LawVerb(Verb):
    LAW_LOADED = "law.loaded", _("载入了法定参数[，共 {provisions} 项]")
    LAW_CARRIED = (
        "law.carried",
        _("随系统更新载入了“{title}”的新内容[，自 {from} 起][，依据：{basis}][，说明：{reason}]"),
    )
    LAW_REVIEWED = (
        "law.reviewed",
        _("法制审核了参数[“{title}”][（自 {from} 起的版本）][，依据：{basis}][，意见：{reason}]"),
    )
    LAW_CHANGED = (
        "law.changed",
        _("修订了参数[“{title}”]：由 {old} 改为 {new}[，自 {from} 起][，依据：{basis}][，理由：{reason}]"),
    )
    LAW_ENDED = "law.ended", _("终止了参数[“{title}”][，截至 {until}][，理由：{reason}]")
    LAW_WITHDRAWN = (
        "law.withdrawn",
        _("撤回了还没有生效的参数版本[“{title}”][，原定自 {from} 起][，理由：{reason}]"),
    )
    CALENDAR_CHANGED = (
        "calendar.changed",
        _("调整了工作日历[，{day}][改为{as}][，依据：{basis}][，理由：{reason}][，{moved} 个期限随之变动]"),
    )
    CALENDAR_ENTERED = (
        "calendar.entered",
        _(
            "录入了 {year} 年工作日历[，放假 {off} 天][，调休上班 {made_up} 天][，依据：{basis}][，理由：{reason}]"
            "[，{moved} 个期限随之变动]"
        ),
    )
