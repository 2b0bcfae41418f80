"""The acts by which the two officers gather evidence and end the investigation; part of the page of an inspection."""

from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from workflows.engine.acts import Act, People
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import File
from workflows.inspections.records import actions, forms

GATHERING = (S.INVESTIGATING, S.ORDERED, S.ORDER_EXPIRED)
REPORTING = (S.NOTICED, S.HEARING)


def _officers(file: File) -> People:
    return file.inspection.officers


def _seconds(file: File) -> People:
    """Whoever has to sign what the other has written; who was taken out of the matter signs nothing more."""
    officers = file.inspection.officers
    return [
        record.second_id
        for record in file.records
        if record.seconded_at is None and record.second_id in officers
    ]


def _second(inspection: Inspection, form: forms.SecondForm, by: Actor) -> object:
    return actions.second_record(inspection, form.cleaned_data["record"], by=by)


ACTS = (
    Act(
        name="record", label=_("登记调查取证记录"), follows=_("入卷，由另一名执法人员签认后作为证据"), states=GATHERING,
        right=Right.INSPECT, only_by=_officers, form=forms.RecordForm,
        do=lambda inspection, form, by: actions.note_record(inspection, form.record(), by=by),
    ),
    Act(
        name="report", label=_("提交案件调查终结报告"), follows=_("入卷，由另一名执法人员签认后可以送法制审核"),
        states=REPORTING, right=Right.INSPECT, only_by=_officers, form=forms.ReportForm,
        do=lambda inspection, form, by: actions.report_investigation(inspection, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="second", label=_("签认调查取证记录"), follows=_("两名执法人员均已签名，不能更改"),
        states=(*GATHERING, *REPORTING), right=Right.INSPECT, only_by=_seconds, form=forms.SecondForm, do=_second,
    ),
)  # fmt: skip
