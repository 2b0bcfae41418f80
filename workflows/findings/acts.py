"""What may be decided on a finding: what there is to know of each act, said once."""

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.scope import Actor, Right
from tasks.findings.actions import reject_finding, return_finding
from tasks.findings.models import Finding
from tasks.visits.states import FindingState
from workflows.cases.actions import confirm_and_open
from workflows.cases.queries.foreseeing import outlook_of, running_case
from workflows.cases.rules import Confirming
from workflows.engine.acts import Act, People, acts_on
from workflows.findings import forms, queries
from workflows.findings.queries import File


def _speakers(file: File) -> People:
    """On whose word it rests: somebody else looks at it."""
    return file.speakers


def _is_open(file: File) -> bool:
    return file.finding.state == FindingState.OPEN


def _has_task(file: File) -> bool:
    return _is_open(file) and file.finding.visit.task_id is not None


def _has_measures(file: File) -> bool:
    return _is_open(file) and bool(file.finding.measures)


# --- what it does, and what is said afterwards -----------------------------------------------------


def form_for(name: str, file: File, data: QueryDict | None = None) -> Form:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    extra = {"questions": file.answers} if name == "return" else {}
    act = acts_on("finding")[name]
    form: Form = act.form(data, auto_id=f"{name}-%s", initial={"seen": file.outlook.key}, **extra)
    return form


def _confirm(finding: Finding, form: forms.ConfirmForm, by: Actor) -> str:
    """What is said afterwards is what was said before: the act refuses when that is no longer so."""
    outlook, given = outlook_of(finding, running_case(finding.subject_id)), form.cleaned_data
    case = confirm_and_open(finding, given["remark"], by=by, seen=given["seen"] or outlook.key)
    if outlook.doing == Confirming.OPENS and case:
        return _("已确认：立案 {code}，送街道审批。").format(code=case.code)
    return _("已确认：{follows}。").format(follows=outlook.words)


def _return(finding: Finding, form: forms.ReturnForm, by: Actor) -> object:
    given = form.cleaned_data
    return return_finding(finding, given["question"], given["fields_asked"], by=by)


def _reject(finding: Finding, form: forms.RejectForm, by: Actor) -> str:
    follows = queries.rejecting_words(finding)
    reject_finding(finding, form.cleaned_data["remark"], by=by)
    return _("已认定不成立：{follows}。").format(follows=follows)


# --- the acts, in the order of the page ------------------------------------------------------------

ACTS = (
    Act(
        name="confirm", label=gettext_lazy("确认"), follows=lambda file: file.outlook.words, right=Right.REVIEW,
        not_by=_speakers, fits=_is_open, form=forms.ConfirmForm, do=_confirm, done=str,
    ),
    Act(
        name="return", label=gettext_lazy("退回补充"), follows=gettext_lazy("问题出现在网格员的手机上"),
        right=Right.REVIEW, not_by=_speakers, fits=_has_task, form=forms.ReturnForm, do=_return,
        done=gettext_lazy("已退回，问题会出现在网格员的手机上。"),
    ),
    Act(
        name="reject", label=gettext_lazy("不成立"), button=gettext_lazy("认定不成立"),
        follows=lambda file: file.rejecting, right=Right.REVIEW, danger=True, not_by=_speakers, fits=_has_measures,
        form=forms.RejectForm, do=_reject, done=str,
    ),
)  # fmt: skip
