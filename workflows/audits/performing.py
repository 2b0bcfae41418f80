"""From a filled-in form to one action: the table of what the audit's page can do."""

from collections.abc import Callable, Mapping
from typing import Any

from grid import problems
from grid.scope import Actor
from workflows.audits import actions, forms
from workflows.audits.models import Audit
from workflows.audits.queries import transfer_of
from workflows.cases.actions import record_service
from workflows.cases.models import Case
from workflows.notices.models import NoticeKind
from workflows.notices.queries import to_serve

FORMS: Mapping[str, type[forms.ActForm]] = {
    "open": forms.OpenForm,
    "replace": forms.ReplaceForm,
    "serve-notice": forms.ServiceForm,
    "record": forms.RecordForm,
    "finding": forms.FindingForm,
    "findings": forms.PlainForm,
    "serve-findings": forms.ServiceForm,
    "answer": forms.AnswerForm,
    "draft": forms.DraftForm,
    "approve": forms.RemarkForm,
    "return": forms.WhyForm,
    "serve-opinion": forms.ServiceForm,
    "correct": forms.WhyForm,
    "transfer": forms.TransferForm,
    "propose": forms.WhyForm,
    "obstruct": forms.WhyForm,
    "clear": forms.WhyForm,
    "serve-result": forms.ServiceForm,
    "recall": forms.WhyForm,
}


def form_for(name: str, case: Case, audit: Audit | None, data: Any = None) -> forms.ActForm:
    return FORMS[name](data, audit=audit, area=case.area, auto_id=f"{name}-%s")


def open_audit(case: Case, form: Any, by: Actor) -> Audit:
    return actions.open_audit(case, form.auditors(), form.plan(), by=by)


def _serve(kind: str) -> Callable[[Audit, Any, Actor], Any]:
    return lambda audit, form, by: record_service(to_serve(audit.case, kind), form.receipt(), by=by)


def _with_why(act: Callable[..., Any]) -> Callable[[Audit, Any, Actor], Any]:
    return lambda audit, form, by: act(audit, form.cleaned_data["why"], by=by, at=form.at_state)


def _transfer(audit: Audit, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.transfer_to_tax(audit, given["department"], given["why"], by=by, at=form.at_state)


def _replace(audit: Audit, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.replace_auditor(audit, given["old"], given["new"], given["why"], by=by)


def _recall(audit: Audit, form: Any, by: Actor) -> Any:
    transfer = transfer_of(audit)
    if transfer is None:
        raise problems.NotHere()
    return actions.recall_transfer(transfer, form.cleaned_data["why"], by=by)


PERFORM: Mapping[str, Callable[[Audit, Any, Actor], Any]] = {
    "replace": _replace,
    "serve-notice": _serve(NoticeKind.AUDIT_NOTICE),
    "record": lambda audit, form, by: actions.note_record(audit, form.record(), by=by),
    "finding": lambda audit, form, by: actions.note_finding(
        audit, form.cleaned_data["insurance"], form.found(), by=by
    ),
    "findings": lambda audit, form, by: actions.issue_findings(audit, by=by),
    "serve-findings": _serve(NoticeKind.AUDIT_FINDINGS),
    "answer": lambda audit, form, by: actions.record_answer(
        audit, form.cleaned_data["text"], form.cleaned_data["on"], by=by
    ),
    "draft": lambda audit, form, by: actions.draft_opinion(
        audit, form.cleaned_data["orders"], form.cleaned_data["heard"], by=by
    ),
    "approve": lambda audit, form, by: actions.approve_opinion(
        audit, form.cleaned_data["remark"], by=by, at=form.at_state
    ),
    "return": lambda audit, form, by: actions.return_opinion(audit, form.cleaned_data["why"], by=by),
    "serve-opinion": _serve(NoticeKind.AUDIT_OPINION),
    "correct": _with_why(actions.confirm_correction),
    "transfer": _transfer,
    "propose": _with_why(actions.propose_penalty),
    "obstruct": _with_why(actions.report_obstruction),
    "clear": _with_why(actions.clear_audit),
    "serve-result": _serve(NoticeKind.AUDIT_CLEAR),
    "recall": _recall,
}
