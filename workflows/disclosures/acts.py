"""The acts on the publication of a penalty: what there is to know of each, said once."""

from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from workflows.disclosures import actions, forms
from workflows.disclosures.queries import File
from workflows.engine.acts import Act

DISTRICT, CITY = Right.DECIDE_DISTRICT, Right.DECIDE_CITY


def _publish(file: File, form: forms.PublishForm, by: Actor) -> object:
    return actions.publish_penalty(file.inspection, form.cleaned_data["facts"], by=by)


def _withdraw(file: File, form: forms.WithdrawForm, by: Actor) -> object:
    return actions.withdraw_penalty(file.inspection, form.cleaned_data["why"], by=by)


def _repair(file: File, form: forms.RepairForm, by: Actor) -> object:
    return actions.repair_penalty(file.inspection, form.cleaned_data["why"], by=by)


ACTS = (
    Act(
        name="publish", label=_("公示处罚决定"), follows=_("在公开网页公示至期满，并供信用平台取用"), right=DISTRICT,
        others=(CITY,), fits=lambda file: file.is_publishable, form=forms.PublishForm, do=_publish, danger=True,
    ),
    Act(
        name="withdraw", label=_("撤回公示"), follows=_("不再公示，撤回的理由向社会公开"), right=DISTRICT, others=(CITY,),
        fits=lambda file: file.entry is not None, form=forms.WithdrawForm, do=_withdraw,
    ),
    Act(
        name="repair", label=_("准予信用修复"), follows=_("立即停止公示和共享"), right=DISTRICT, others=(CITY,),
        fits=lambda file: file.is_repairable, form=forms.RepairForm, do=_repair,
    ),
)  # fmt: skip
