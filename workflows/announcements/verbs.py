"""The acts of workflows/announcements as the ledger keeps and tells them; grid/ledger/verbs.py says how a sentence is made."""

from django.utils.translation import gettext_lazy as _

from grid.ledger.verbs import Verb


class AnnouncementVerb(Verb):
    ANNOUNCEMENT_PROPOSED = "announcement.proposed", _("提请重大劳动保障违法行为社会公布[，情形：{ground}]")
    ANNOUNCEMENT_DECIDED = "announcement.decided", _("决定向社会公布")
    ANNOUNCEMENT_REFUSED = "announcement.refused", _("决定不向社会公布[，理由：{reason}]")
    ANNOUNCEMENT_PUBLISHED = "announcement.published", _("向社会公布[，批次 {number}]")
    ANNOUNCEMENT_OBJECTED = "announcement.objected", _("登记了对社会公布的异议[，答复至 {until}]")
    ANNOUNCEMENT_ANSWERED = "announcement.answered", _("答复了对社会公布的异议")
    ANNOUNCEMENT_CORRECTED = "announcement.corrected", _("更正了社会公布的内容[：{text}]")
    ANNOUNCEMENT_REMOVED = "announcement.removed", _("撤下社会公布条目[，理由：{reason}]")
    ANNOUNCEMENT_LATE = "announcement.late", _("社会公布异议逾期未答复，报上级督办[，届满日 {due_on}]")
