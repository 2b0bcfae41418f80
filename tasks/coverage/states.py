"""The states of the coverage account. Any may follow any: doors change in every way.

Two of them are 已注销, shown apart and in no rate. ENDED is nobody's word: a subject is in it as long as its standing
says that it is out of business (注销、吊销) or one with another, and comes back to the state before when the standing
does. GONE is the word of a visit that was confirmed with its ground: demolished, closed down, moved out of the city, died.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CoverState(TextChoices):
    NOT_SENT = "not_sent", _("未派")
    TO_CHECK = "to_check", _("待查")
    TO_REVIEW = "to_review", _("待复核")
    COMPLIANT = "compliant", _("已查合规")
    FOUND = "found", _("已发现")
    REFUSED = "refused", _("拒访")
    CLOSED = "closed", _("歇业")
    NOT_FOUND = "not_found", _("查无")
    MOVED = "moved", _("迁出")
    NOT_A_SUBJECT = "not_a_subject", _("不属对象")
    RECTIFIED = "rectified", _("已整改")
    # Closed for good by what was seen and confirmed at the door, though its register goes on.
    GONE = "gone", _("已注销（走访）")
    ENDED = "ended", _("已注销（登记）")
