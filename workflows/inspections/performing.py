"""From a filled-in form to one action: the table of what the page of an inspection can do."""

from collections.abc import Callable, Mapping
from typing import Any

from grid import problems
from grid.scope import Actor
from workflows.cases.actions import record_service
from workflows.cases.forms import ActForm, OpinionForm, PlainForm, RemarkForm, ServiceForm, TextForm, WhyForm
from workflows.inspections import actions, forms
from workflows.inspections.models import Inspection
from workflows.notices.models import NoticeKind
from workflows.notices.queries import to_serve
from workflows.remedies import actions as remedies
from workflows.remedies.forms import ending_of
from workflows.remedies.models import Remedy, RemedyTarget
from workflows.remedies.rules import Challenge

FORMS: Mapping[str, type[ActForm]] = {
    "file": RemarkForm,
    "refuse": WhyForm,
    "order": PlainForm,
    "serve-order": ServiceForm,
    "notice": forms.WeighForm,
    "serve-notice": ServiceForm,
    "statement": TextForm,
    "answer": TextForm,
    "hearing": forms.HearingAskedForm,
    "close": PlainForm,
    "call": forms.CallHearingForm,
    "move-hearing": forms.CallHearingForm,
    "serve-hearing": ServiceForm,
    "hold": TextForm,
    "review": OpinionForm,
    "members": forms.MembersForm,
    "opinion": forms.DiscussionForm,
    "conclude": forms.DiscussionForm,
    "decide": forms.DecideForm,
    "serve-decision": ServiceForm,
    "pay": forms.PaymentForm,
    "demand": PlainForm,
    "serve-demand": ServiceForm,
    "court": PlainForm,
    "enforced": WhyForm,
    "remedy": forms.RemedyForm,
    "stay": forms.StayForm,
    "close-remedy": forms.OutcomeForm,
    "return": forms.ReturnForm,
    "extend": WhyForm,
    "recuse": forms.RecuseForm,
    "spare": WhyForm,
    "withdraw": WhyForm,
    "transfer": forms.TransferForm,
    "serve-spared": ServiceForm,
    "serve-withdrawn": ServiceForm,
}


def form_for(name: str, inspection: Inspection, data: Any = None) -> Any:
    """The form of an act, empty or with what was sent."""
    return FORMS[name](data, case=inspection, auto_id=f"{name}-%s")


def _serve(kind: str) -> Callable[[Inspection, Any, Actor], Any]:
    return lambda one, form, by: record_service(to_serve(one.case, kind), form.receipt(), by=by)


def _session(form: Any) -> actions.Session:
    names = ("on", "place", "chair", "clerk", "hour")
    return actions.Session(**{name: form.cleaned_data[name] for name in names})


def _decide(one: Inspection, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.decide(one, times=given["times"], remark=given["remark"], by=by, at=form.at_state)


def _return(one: Inspection, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.return_inspection(one, given["why"], to=given["to"], by=by, at=form.at_state)


def _recuse(one: Inspection, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.recuse_officer(
        one, given["officer"], given["instead"], given["why"], by=by, at=form.at_state
    )


def _transfer(one: Inspection, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.transfer_inspection(
        one, given["to"], given["why"], by=by, at=form.at_state, is_crime=given["crime"]
    )


def _pay(one: Inspection, form: Any, by: Actor) -> Any:
    given = form.cleaned_data
    return actions.record_payment(
        one, given["amount"], given["paid_on"], given["slip"], by=by, at=form.at_state
    )


def _remedy(one: Inspection, form: Any, by: Actor) -> Any:
    given, penalty = form.cleaned_data, RemedyTarget.PENALTY
    challenge = Challenge(given["kind"], given["body"], given["filed_on"], penalty, given["number"])
    return remedies.note_remedy(one.case, challenge, by=by)


def _open_remedy(one: Inspection) -> Remedy:
    """The one that is pending, or the newest, of which the act says that it has ended. Raises NotHere for none."""
    found = Remedy.objects.filter(case=one.case, target=RemedyTarget.PENALTY)
    remedy = found.filter(decided_on=None).first() or found.last()
    if remedy is None:
        raise problems.NotHere()
    return remedy


def _close_remedy(one: Inspection, form: Any, by: Actor) -> Any:
    return remedies.close_remedy(_open_remedy(one), ending_of(form.cleaned_data), by=by)


def _because(act: Callable[..., Any]) -> Callable[[Inspection, Any, Actor], Any]:
    return lambda one, form, by: act(one, form.cleaned_data["why"], by=by, at=form.at_state)


PERFORM: Mapping[str, Callable[[Inspection, Any, Actor], Any]] = {
    "file": lambda one, form, by: actions.approve_filing(
        one, remark=form.cleaned_data["remark"], by=by, at=form.at_state
    ),
    "refuse": _because(actions.refuse_filing),
    "order": lambda one, form, by: actions.issue_order(one, by=by),
    "serve-order": _serve(NoticeKind.ORDER),
    "notice": lambda one, form, by: actions.issue_penalty_notice(one, form.found(), by=by, at=form.at_state),
    "serve-notice": _serve(NoticeKind.PENALTY_NOTICE),
    "statement": lambda one, form, by: actions.record_statement(one, form.cleaned_data["text"], by=by),
    "answer": lambda one, form, by: actions.answer_statement(one, form.cleaned_data["text"], by=by),
    "hearing": lambda one, form, by: actions.request_hearing(
        one, form.cleaned_data["text"], form.cleaned_data["on"], by=by
    ),
    "close": lambda one, form, by: actions.close_statement(one, by=by, at=form.at_state),
    "call": lambda one, form, by: actions.call_hearing(one, _session(form), by=by),
    "move-hearing": lambda one, form, by: actions.move_hearing(one, _session(form), by=by),
    "serve-hearing": _serve(NoticeKind.HEARING_NOTICE),
    "hold": lambda one, form, by: actions.hold_hearing(
        one, form.cleaned_data["text"], by=by, at=form.at_state
    ),
    "review": lambda one, form, by: actions.review_inspection(
        one, form.cleaned_data["opinion"], by=by, at=form.at_state
    ),
    "members": lambda one, form, by: actions.call_members(one, form.cleaned_data["members"], by=by),
    "opinion": lambda one, form, by: actions.give_opinion(one, form.cleaned_data["opinion"], by=by),
    "conclude": lambda one, form, by: actions.conclude_discussion(
        one, form.cleaned_data["opinion"], by=by, at=form.at_state
    ),
    "decide": _decide,
    "serve-decision": _serve(NoticeKind.PENALTY_DECISION),
    "pay": _pay,
    "demand": lambda one, form, by: actions.issue_demand(one, by=by),
    "serve-demand": _serve(NoticeKind.DEMAND),
    "court": lambda one, form, by: actions.apply_court(one, by=by, at=form.at_state),
    "enforced": _because(actions.note_enforced),
    "remedy": _remedy,
    "stay": lambda one, form, by: remedies.stay_remedy(_open_remedy(one), form.cleaned_data["number"], by=by),
    "close-remedy": _close_remedy,
    "return": _return,
    "extend": lambda one, form, by: actions.extend_investigation(one, form.cleaned_data["why"], by=by),
    "recuse": _recuse,
    "spare": _because(actions.spare),
    "withdraw": _because(actions.withdraw_inspection),
    "transfer": _transfer,
    "serve-spared": _serve(NoticeKind.NO_PENALTY),
    "serve-withdrawn": _serve(NoticeKind.CASE_WITHDRAWN),
}
