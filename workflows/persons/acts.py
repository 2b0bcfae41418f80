"""The acts about responsible persons: naming one on the page of an inspection, and all that follows on their own."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from workflows.engine.acts import Act, People
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.inspections.queries import File
from workflows.notices.actions import record_service
from workflows.notices.acts import waits_for
from workflows.notices.models import NoticeKind
from workflows.persons import actions, forms
from workflows.persons.models import ResponsiblePerson
from workflows.persons.queries import PersonFile, against_decision, against_notice

# --- who may ---------------------------------------------------------------------------------------


def _investigators(file: File) -> People:
    return file.inspection.officers


def _officers(file: PersonFile) -> People:
    return file.inspection.officers


def _not_apart(file: PersonFile) -> People:
    """Who proposed, investigates, was taken out of the matter or reviewed it decides nothing in it."""
    inspection = file.inspection
    recused = inspection.recusals.values_list("person", flat=True)
    return (inspection.proposed_by_id, inspection.reviewed_by_id, *inspection.officers, *recused)


# --- what it needs of its days and papers ------------------------------------------------------------


def _has_evidence(file: File) -> bool:
    return file.is_proven


def _untold(file: PersonFile) -> bool:
    person = file.person
    waits = file.unserved(NoticeKind.PERSON_NOTICE) is not None or against_notice(person) is not None
    return person.is_open and person.noticed_on is None and not waits


def _is_noticed(file: PersonFile) -> bool:
    return file.person.is_open and file.person.noticed_on is not None and file.person.decided_on is None


def _waits_for_answer(file: PersonFile) -> bool:
    return _is_noticed(file) and bool(file.person.statement_on) and not file.person.statement_answer


def _may_be_decided(file: PersonFile) -> bool:
    waits = _waits_for_answer(file) or against_decision(file.person) is not None
    return _is_noticed(file) and file.person.statement_closed_on is not None and not waits


def _owes(file: PersonFile) -> bool:
    return file.person.is_open and file.person.served_on is not None


def _may_be_released(file: PersonFile) -> bool:
    person = file.person
    return person.is_open and (person.decided_on is None or person.inspection.state == S.QUASHED)


# --- what it does ----------------------------------------------------------------------------------


def _serve(paper: str) -> Callable[[ResponsiblePerson, forms.HandedOverForm, Actor], object]:
    def serve(person: ResponsiblePerson, form: forms.HandedOverForm, by: Actor) -> object:
        return record_service(getattr(person, paper), form.receipt(), by=by)

    return serve


def _notice(person: ResponsiblePerson, form: forms.FineForm, by: Actor) -> object:
    return actions.issue_person_notice(person, form.cleaned_data["fine"], by=by)


def _decide(person: ResponsiblePerson, form: forms.DecideForm, by: Actor) -> object:
    return actions.decide_person(person, form.cleaned_data["fine"], by=by)


def _pay(person: ResponsiblePerson, form: forms.PaymentForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.record_person_payment(person, given["amount"], given["paid_on"], given["slip"], by=by)


def _name(inspection: Inspection, form: forms.NamePersonForm, by: Actor) -> object:
    return actions.name_person(inspection, form.named(), by=by)


ON_INSPECTION = (
    Act(
        name="name-person", label=_("认定责任人员"), follows=_("单独告知、单独处罚，期限与单位分开计算"),
        states=(S.ORDER_EXPIRED, S.NOTICED, S.HEARING, S.DECIDED, S.PERFORMING), right=Right.INSPECT,
        only_by=_investigators, fits=_has_evidence, form=forms.NamePersonForm, do=_name,
    ),
)  # fmt: skip
ON_PERSON = (
    Act(
        name="notice", label=_("拟定处罚并制发告知书"), follows=_("编号并生成告知书，打印后送达本人"), right=Right.INSPECT,
        only_by=_officers, fits=_untold, form=forms.FineForm, do=_notice,
    ),
    Act(
        name="serve-notice", label=_("登记告知书送达"), follows=_("本人的陈述申辩期自送达次日起算"), right=Right.INSPECT,
        fits=waits_for(NoticeKind.PERSON_NOTICE), form=forms.HandedOverForm, do=_serve("notice"),
    ),
    Act(
        name="statement", label=_("记录陈述申辩"), follows=_("须复核并答复，不得因此加重处罚"), right=Right.INSPECT,
        fits=_is_noticed, form=forms.TextForm,
        do=lambda person, form, by: actions.record_person_statement(person, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="answer", label=_("复核答复陈述申辩"), follows=_("写入处罚决定书"), right=Right.INSPECT,
        fits=_waits_for_answer, form=forms.TextForm,
        do=lambda person, form, by: actions.answer_person_statement(person, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="decide", label=_("作出处罚决定"), follows=_("编号并生成处罚决定书，限期送达本人"), right=Right.DECIDE_DISTRICT,
        not_by=_not_apart, fits=_may_be_decided, danger=True, form=forms.DecideForm, do=_decide,
    ),
    Act(
        name="serve-decision", label=_("登记决定书送达"), follows=_("本人的缴纳期限自送达次日起算"), right=Right.INSPECT,
        fits=waits_for(NoticeKind.PERSON_DECISION), form=forms.HandedOverForm, do=_serve("decision"),
    ),
    Act(
        name="pay", label=_("登记缴款"), follows=_("罚款和加处罚款缴清即办结"), right=Right.INSPECT, fits=_owes,
        form=forms.PaymentForm, do=_pay,
    ),
    Act(
        name="release", label=_("终结处罚"), follows=_("不再处罚本人，已制发的文书撤回"), right=Right.DECIDE_DISTRICT,
        not_by=_not_apart, fits=_may_be_released, danger=True, is_last=True, form=forms.WhyForm,
        do=lambda person, form, by: actions.release_person(person, form.cleaned_data["why"], by=by),
    ),
)  # fmt: skip
