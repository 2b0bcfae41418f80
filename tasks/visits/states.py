"""What may become of what a visit found. Visits that come ask for it, and so does whoever reviews."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingState(models.TextChoices):
    OPEN = "open", _("待复核")
    CONFIRMED = "confirmed", _("已确认")
    RETURNED = "returned", _("已退回")
    REJECTED = "rejected", _("不成立")
    # Another visit to the same door speaks instead: a later one of the same person, or the other side of a clash.
    REPLACED = "replaced", _("由其他走访替代")
    # It was confirmed, and held until another visit to the same door was confirmed instead (see corrected_at).
    CORRECTED = "corrected", _("已更正，由后来的走访替代")
    # Somebody else said otherwise of the same door; a named person decides field by field.
    CLASHING = "clashing", _("两人所报不一，待核定")
