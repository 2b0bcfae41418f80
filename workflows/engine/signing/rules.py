"""How an office may handle a step besides taking it: which way at which step, and why not the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Way(StrEnum):
    HAND_OVER = "hand_over"
    DELEGATE = "delegate"
    SIGNER = "signer"
    COUNTERSIGN = "countersign"


WORDS: Mapping[Way, Promise] = {
    Way.HAND_OVER: _("转办"),
    Way.DELEGATE: _("委派"),
    Way.SIGNER: _("加签"),
    Way.COUNTERSIGN: _("会签"),
}
FOLLOWS: Mapping[Way, Promise] = {
    Way.HAND_OVER: _("这一步改由该同事办理，其他人能看到由谁办理；可以收回"),
    Way.DELEGATE: _("该同事准备材料，交回后仍由您办理；准备的文字存卷"),
    Way.SIGNER: _("该同事发表意见后才能办理这一步，意见存卷；逾期未答复视为没有意见"),
    Way.COUNTERSIGN: _("所有被请的人都同意才能通过；有一人不同意的，只能退回或者终止办理"),
}
# Of these a step has one at a time: it lies in one pair of hands.
HANDS = (Way.HAND_OVER, Way.DELEGATE)
OPINIONS = (Way.SIGNER, Way.COUNTERSIGN)


@dataclass(frozen=True)
class Allowed:
    """The ways open at a step, and the reason the others are not."""

    ways: frozenset[Way]
    why: Promise


HANDLING = Allowed(frozenset({Way.HAND_OVER, Way.DELEGATE, Way.SIGNER}), _("经办环节不作决定，无需会签"))
APPROVAL = Allowed(
    frozenset({Way.HAND_OVER, Way.SIGNER, Way.COUNTERSIGN}), _("审批是岗位职权，不能委派他人代办")
)
REVIEW = Allowed(frozenset({Way.HAND_OVER, Way.SIGNER}), _("法制审核由审核人员本人作出（行政处罚法第58条）"))
DECISION = Allowed(
    frozenset({Way.SIGNER, Way.COUNTERSIGN}),
    _("由行政机关负责人本人决定（行政处罚法第57条），不能转办或者委派"),
)
DISCUSSION = Allowed(frozenset(), _("由负责人集体讨论（行政处罚法第57条第2款），各成员意见已逐一记录"))


def ways_at(allowed: Allowed | None) -> frozenset[Way]:
    """The ways open at a step; none at one that waits, for which nothing is allowed."""
    return allowed.ways if allowed else frozenset()


def why_not(allowed: Allowed | None, way: Way) -> str:
    """Why `way` is closed at a step; empty where it is open."""
    if allowed is None:
        return str(_("这一步没有人在办理"))
    return "" if way in allowed.ways else str(allowed.why)
