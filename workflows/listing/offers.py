"""What a person may do on the file of an entry now: lawful acts only, each with what will follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.scope import Actor, Right
from workflows.listing import forms, objecting, repair
from workflows.listing.queries import File
from workflows.remedies import actions as remedies
from workflows.remedies import forms as remedy_forms
from workflows.remedies.models import RemedyTarget
from workflows.remedies.rules import Challenge
from workflows.sanctions.actions import order_sanctions

Open = TypeVar("Open")
TAKING = (Right.INSPECT, Right.DECIDE_CITY)
CITY = (Right.DECIDE_CITY,)


@dataclass(frozen=True)
class Offer:
    """`follows`: what follows, or a function of the file where it depends on that; an offer made has the words."""

    name: str
    label: Any
    follows: Any
    rights: tuple[Right, ...]
    form: type[django_forms.Form]
    fits: Callable[[File], bool]
    act: Callable[[File, dict[str, Any], Actor], Any]
    done_before: Callable[[File], tuple[int | None, ...]] = lambda file: ()


def _there(one: Open | None) -> Open:
    """What is offered only while it is open."""
    assert one is not None
    return one


def _may_repair(file: File) -> bool:
    early = file.repair_from is None or today() < file.repair_from
    return file.is_on and not early and file.open_repair is None


def _challenged(file: File) -> Any:
    return _("依法不停止执行；有停止执行文书的暂停公示") if file.is_on else _("依法不停止执行")


def _stayed(file: File) -> Any:
    """What a stay holds up is what the remedy is against."""
    if _there(file.open_remedy).target == RemedyTarget.PENALTY:
        return _("至复议或诉讼结束前不催告，不申请强制执行罚款")
    return _("暂停公示和惩戒，至复议或诉讼结束") if file.is_on else _("至复议或诉讼结束前不公示")


def _closed(file: File) -> Any:
    if _there(file.open_remedy).target == RemedyTarget.PENALTY:
        return _("撤销处罚决定的，以处罚为前提的列入由市级一并撤销；维持的继续履行")
    if file.listing.stayed_at:
        return _("撤销或确认违法的，由市级登记并撤销列入；维持的恢复公示")
    return _("撤销或确认违法的，由市级登记并撤销列入；维持的不变")


OFFERS = (
    Offer(
        "sanctions", _("选定惩戒措施"), _("逐一通知执行部门，限期反馈"), CITY, forms.SanctionsForm,
        lambda file: file.is_on and file.listing.stayed_at is None,
        lambda file, given, by: order_sanctions(file.listing, given["measures"], by=by),
    ),
    Offer(
        "object", _("登记异议"), _("条目标注“异议核查中”，限期核查答复"), TAKING, forms.ObjectForm,
        lambda file: file.is_on and file.open_objection is None,
        lambda file, given, by: objecting.file_objection(file.listing, given["text"], by=by),
    ),
    Offer(
        "answer-objection", _("答复异议"), _("制发异议处理答复书；撤销的立即移出"), CITY, forms.AnswerForm,
        lambda file: file.open_objection is not None,
        lambda file, given, by: objecting.answer_objection(
            _there(file.open_objection), given["verdict"], given["checked"], given["answer"],
            correction=given["correction"], by=by,
        ),
        lambda file: (file.open_objection.filed_by_id,) if file.open_objection else (),
    ),
    Offer(
        "remedy", _("登记复议或诉讼"), _challenged, TAKING, remedy_forms.RemedyForm,
        lambda file: bool(file.listing.decided_on or file.listing.case.penalty),
        lambda file, given, by: remedies.note_remedy(
            file.listing.case,
            Challenge(given["kind"], given["body"], given["filed_on"], given["target"], given["stay_number"]), by=by,
        ),
    ),
    Offer(
        "stay", _("登记停止执行"), _stayed, TAKING, remedy_forms.StayForm,
        lambda file: file.open_remedy is not None and file.open_remedy.stayed_on is None,
        lambda file, given, by: remedies.stay_remedy(_there(file.open_remedy), given["number"], by=by),
    ),
    Offer(
        "close-remedy", _("登记复议或诉讼结果"), _closed, TAKING,
        remedy_forms.OutcomeForm,
        lambda file: file.open_remedy is not None,
        lambda file, given, by: remedies.close_remedy(
            _there(file.open_remedy), remedy_forms.ending_of(given), by=by
        ),
    ),
    Offer(
        "repair", _("受理信用修复申请"), _("派网格员现场核查，限期决定"), TAKING, forms.RepairForm, _may_repair,
        lambda file, given, by: repair.apply_repair(
            file.listing, given["evidence"], given["commitment"], by=by
        ),
    ),
    Offer(
        "decide-repair", _("决定信用修复"), _("准予的立即移出名单，通知各部门解除惩戒"), CITY, forms.DecideRepairForm,
        lambda file: file.is_on and file.open_repair is not None,
        lambda file, given, by: repair.decide_repair(
            _there(file.open_repair), given["granted"], given["reason"], by=by
        ),
        lambda file: (file.open_repair.taken_by_id,) if file.open_repair else (),
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Offer] = {offer.name: offer for offer in OFFERS}


def offers_for(viewer: Actor, file: File) -> list[Offer]:
    area = file.listing.area
    return [
        replace(offer, follows=offer.follows(file)) if callable(offer.follows) else offer
        for offer in OFFERS
        if offer.fits(file)
        and any(viewer.can(right, area) for right in offer.rights)
        and viewer.person_id not in offer.done_before(file)
    ]
