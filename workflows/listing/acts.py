"""The acts of this room, each said once: on the page of a case, from the proposal to the publication, and on the file of
an entry."""

from typing import TypeVar

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import today
from grid.scope import Actor, Right
from grid.texts import Text
from workflows.cases import forms as case_forms
from workflows.cases import states
from workflows.cases.acts import is_about_the_visit
from workflows.cases.models import Case
from workflows.cases.models import CaseState as S
from workflows.cases.queries import File as CaseFile
from workflows.engine.acts import Act, People
from workflows.listing import actions, forms
from workflows.listing.actions import objecting, proving, repairing
from workflows.listing.queries import File
from workflows.notices.acts import lacks, serving, waits_for
from workflows.notices.models import NoticeKind
from workflows.remedies import actions as remedies
from workflows.remedies import forms as remedy_forms
from workflows.remedies.models import RemedyTarget
from workflows.remedies.rules import Challenge
from workflows.sanctions.actions import order_sanctions

Open = TypeVar("Open")
CITY = Right.DECIDE_CITY
_LISTED = (S.PUBLISHED, S.REMOVED)
# Whoever proposes proves.
_PROVING = (S.PENALISED, S.LISTING_PROPOSED)


def _listers(file: CaseFile) -> People:
    listing = file.listing
    return (listing.proposed_by_id, listing.reviewed_by_id, listing.district_by_id) if listing else ()


def _proposer(file: CaseFile) -> People:
    return (file.listing.proposed_by_id,) if file.listing else ()


def _hearers(file: CaseFile) -> People:
    """Of the city's office, which decides: a district's legal officer answers for no other body."""
    return file.hearers


def _is_term_over(file: CaseFile) -> bool:
    """The term that the penalty set."""
    return file.over_on is not None and file.over_on < today()


def _is_provable(file: CaseFile) -> bool:
    """Whether anything is on file that a listing could stand on."""
    return file.has_proof or (
        file.over_on is not None and file.seen_on is not None and file.over_on < file.seen_on
    )


def _has_defence(file: CaseFile) -> bool:
    return file.listing is not None and file.listing.defence_on is not None


def _is_answered(file: CaseFile) -> bool:
    """What was said in defence; nobody reviews before."""
    listing = file.listing
    return listing is None or not listing.defence_on or bool(listing.defence_answer)


def _is_effective(file: CaseFile) -> bool:
    served_on = file.listing.served_on if file.listing else None
    return served_on is not None and served_on <= today() and file.case.healed_on is None


# --- what follows, where it depends ----------------------------------------------------------------


def _follows_correction(file: CaseFile) -> Text:
    words = _("事实有变的重新告知，其余回到“{step}”")
    return words.format(step=file.case.get_returned_to_display())


def _answered(file: CaseFile) -> Text:
    return _("申辩期满后随材料送法制审核") if file.case.state == S.DEFENCE else _("随材料由法制审核")


def _dropped(file: CaseFile) -> Text:
    listing = (NoticeKind.LISTING_NOTICE, NoticeKind.LISTING_DECISION)
    issued = any(notice.kind in listing and not notice.withdrawn_at for notice in file.notices)
    return _("结案，不列入名单，列入文书一并撤回") if issued else _("结案，不列入名单")


# --- what it does ----------------------------------------------------------------------------------


def _propose(case: Case, form: forms.ProposeForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.propose_listing(
        case, given["ground"], given["facts"], circumstances=form.circumstances(), by=by, at=form.at_state
    )


def _look(case: Case, form: forms.LookForm, by: Actor) -> object:
    return proving.record_look(case, form.seen(), by=by)


def _prove(case: Case, form: forms.ProofForm, by: Actor) -> object:
    return proving.file_proof(case, form.document(), by=by)


def _correct(case: Case, form: forms.CorrectForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.correct_listing(case, given["facts"], given["remark"], by=by, at=form.at_state)


def _review(case: Case, form: case_forms.OpinionForm, by: Actor) -> object:
    return actions.review_listing(case, form.cleaned_data["opinion"], by=by, at=form.at_state)


def _decide_district(case: Case, form: case_forms.RemarkForm, by: Actor) -> object:
    return actions.decide_district(case, by=by, remark=form.cleaned_data["remark"], at=form.at_state)


def _drop(case: Case, form: case_forms.WhyForm, by: Actor) -> object:
    return actions.drop_listing(case, form.cleaned_data["why"], by=by, at=form.at_state)


# --- the acts, in the order of the page ------------------------------------------------------------

ON_CASE = (
    Act(
        name="mend", label=_("补正列入材料"), follows=_follows_correction, steps=("correct",), right=Right.INSPECT,
        fits=lambda file: not is_about_the_visit(file), form=forms.CorrectForm, do=_correct,
    ),
    Act(
        name="look", label=_("登记复查记录"), follows=_("仍未改正的可以提请列入；已经改正的不再列入"), states=_PROVING,
        right=Right.INSPECT, fits=_is_term_over, form=forms.LookForm, do=_look,
    ),
    Act(
        name="prove", label=_("附卷列入依据文书"), follows=_("告知书和决定书逐件写明"), states=_PROVING,
        right=Right.INSPECT, form=forms.ProofForm, do=_prove,
    ),
    Act(
        name="propose", label=_("提请列入严重失信名单"), follows=_("先告知当事人并听取陈述申辩"), steps=("propose",),
        fits=_is_provable, form=forms.ProposeForm, do=_propose,
    ),
    Act(
        name="notice", label=_("制发列入告知书"), word=NoticeKind.LISTING_NOTICE.label,
        follows=_("编号并生成列入社会保险领域严重失信人名单告知书，打印后送达"), states=(S.LISTING_PROPOSED,), right=CITY,
        fits=lacks(NoticeKind.LISTING_NOTICE), form=case_forms.PlainForm,
        do=lambda case, form, by: actions.give_listing_notice(case, by=by),
    ),
    Act(
        name="serve-notice", label=_("登记列入告知书送达"), follows=_("陈述申辩期自送达次日起算"), steps=("give_notice",),
        right=Right.INSPECT, others=(CITY,), fits=waits_for(NoticeKind.LISTING_NOTICE), form=case_forms.ServiceForm,
        do=serving(NoticeKind.LISTING_NOTICE),
    ),
    Act(
        name="defence", label=_("记录陈述申辩"), follows=_("须逐条答复"),
        states=(S.DEFENCE, S.LISTING_REVIEW, S.LISTING_DISTRICT, S.LISTING_CITY), right=Right.LEGAL_REVIEW,
        others=(CITY,), only_by=_hearers, form=case_forms.TextForm,
        do=lambda case, form, by: actions.record_defence(case, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="answer", label=_("答复陈述申辩"), follows=_answered, states=(S.DEFENCE, S.LISTING_REVIEW),
        right=Right.LEGAL_REVIEW, others=(CITY,), only_by=_hearers, not_by=_proposer, fits=_has_defence, form=case_forms.TextForm,
        do=lambda case, form, by: actions.answer_defence(case, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="review", label=_("法制审核通过"), follows=_("转区级列入决定"), steps=("review",), not_by=_listers,
        fits=_is_answered,
        form=case_forms.OpinionForm, do=_review,
    ),
    Act(
        name="decide-district", label=_("同意列入"), follows=_("转市级列入决定"), steps=("decide_district",),
        not_by=_listers, form=case_forms.RemarkForm, do=_decide_district,
    ),
    Act(
        name="decide-city", label=_("决定列入"), steps=("decide_city",),
        follows=_("编号并生成列入社会保险领域严重失信人名单决定书，附信用修复告知书，送达后公示"),
        danger=True, not_by=_listers, form=case_forms.PlainForm,
        do=lambda case, form, by: actions.decide_city(case, by=by, at=form.at_state),
    ),
    Act(
        name="serve-decision", label=_("登记列入决定书送达"), follows=_("送达生效后可以公示"), steps=("serve_decision",),
        fits=waits_for(NoticeKind.LISTING_DECISION), form=case_forms.ServiceForm,
        do=serving(NoticeKind.LISTING_DECISION),
    ),
    Act(
        name="serve-removal", label=_("登记移出决定书送达"), follows=_("送达情况存卷"), states=(S.REMOVED,),
        right=Right.SERVE, fits=waits_for(NoticeKind.REMOVAL), form=case_forms.ServiceForm,
        do=serving(NoticeKind.REMOVAL),
    ),
    Act(
        name="serve-repair", label=_("登记信用修复决定书送达"), follows=_("送达情况存卷，单位在窗口可以看到"), states=_LISTED,
        right=Right.SERVE, fits=waits_for(NoticeKind.REPAIR_DECISION), form=case_forms.ServiceForm,
        do=serving(NoticeKind.REPAIR_DECISION),
    ),
    Act(
        name="serve-objection", label=_("登记异议处理答复书送达"), follows=_("送达情况存卷，单位在窗口可以看到"),
        states=_LISTED, right=Right.SERVE, fits=waits_for(NoticeKind.OBJECTION_ANSWER), form=case_forms.ServiceForm,
        do=serving(NoticeKind.OBJECTION_ANSWER),
    ),
    Act(
        name="publish", label=_("公示"), follows=_("在公开网页公示至期满，期满自动移出"), steps=("publish",), danger=True,
        fits=_is_effective, form=case_forms.PlainForm,
        do=lambda case, form, by: actions.publish_listing(case, by=by, at=form.at_state),
    ),
    # Not listing the unit, after all.
    Act(
        name="drop", label=lazy(states.label_of, str)("drop"), follows=_dropped, steps=("drop",), right=actions.dropping_right,
        danger=True, is_last=True, form=case_forms.WhyForm, do=_drop,
    ),
)  # fmt: skip


# --- the file of an entry --------------------------------------------------------------------------


def _there(found: Open | None) -> Open:
    """What is offered only while it is open."""
    assert found is not None
    return found


def _may_repair(file: File) -> bool:
    early = file.repair_from is None or today() < file.repair_from
    return file.is_on and not early and file.open_repair is None


def _challenged(file: File) -> Text:
    return _("依法不停止执行；有停止执行文书的暂停公示") if file.is_on else _("依法不停止执行")


def _stayed(file: File) -> Text:
    """What is held up depends on what the remedy is against."""
    if _there(file.open_remedy).target == RemedyTarget.PENALTY:
        return _("至复议或诉讼结束前不催告，不申请强制执行罚款")
    return _("暂停公示和惩戒，至复议或诉讼结束") if file.is_on else _("至复议或诉讼结束前不公示")


def _closed(file: File) -> Text:
    if _there(file.open_remedy).target == RemedyTarget.PENALTY:
        return _("撤销处罚决定的，以处罚为前提的列入由市级一并撤销；维持的继续履行")
    if file.listing.stayed_at:
        return _("撤销或确认违法的，由市级登记并撤销列入；维持的恢复公示")
    return _("撤销或确认违法的，由市级登记并撤销列入；维持的不变")


def _order(file: File, form: forms.SanctionsForm, by: Actor) -> object:
    return order_sanctions(file.listing, form.cleaned_data["measures"], by=by)


def _answer_objection(file: File, form: forms.AnswerForm, by: Actor) -> object:
    given = form.cleaned_data
    return objecting.answer_objection(
        _there(file.open_objection), given["verdict"], given["checked"], given["answer"],
        correction=given["correction"], by=by,
    )  # fmt: skip


def _note_remedy(file: File, form: remedy_forms.RemedyForm, by: Actor) -> object:
    given = form.cleaned_data
    challenge = Challenge(
        given["kind"], given["body"], given["filed_on"], given["target"], given["stay_number"]
    )
    return remedies.note_remedy(file.listing.case, challenge, by=by)


def _stay(file: File, form: remedy_forms.StayForm, by: Actor) -> object:
    return remedies.stay_remedy(_there(file.open_remedy), form.cleaned_data["number"], by=by)


def _close_remedy(file: File, form: remedy_forms.OutcomeForm, by: Actor) -> object:
    ending = remedy_forms.ending_of(form.cleaned_data)
    return remedies.close_remedy(_there(file.open_remedy), ending, by=by)


def _apply_repair(file: File, form: forms.RepairForm, by: Actor) -> object:
    given = form.cleaned_data
    return repairing.apply_repair(file.listing, given["evidence"], given["commitment"], by=by)


def _decide_repair(file: File, form: forms.DecideRepairForm, by: Actor) -> object:
    given = form.cleaned_data
    return repairing.decide_repair(_there(file.open_repair), given["granted"], given["reason"], by=by)


ON_FILE = (
    Act(
        name="sanctions", label=_("选定惩戒措施"), follows=_("逐一通知执行部门，限期反馈"), right=CITY,
        fits=lambda file: file.is_on and file.listing.stayed_at is None, form=forms.SanctionsForm, do=_order,
    ),
    Act(
        name="object", label=_("登记异议"), follows=_("条目标注“异议核查中”，限期核查答复"), right=Right.INSPECT,
        others=(CITY,), fits=lambda file: file.is_on and file.open_objection is None, form=forms.ObjectForm,
        do=lambda file, form, by: objecting.file_objection(file.listing, form.cleaned_data["text"], by=by),
    ),
    Act(
        name="answer-objection", label=_("答复异议"), follows=_("制发异议处理答复书；撤销的立即移出"), right=CITY,
        not_by=lambda file: (file.open_objection.filed_by_id,) if file.open_objection else (),
        fits=lambda file: file.open_objection is not None, form=forms.AnswerForm, do=_answer_objection,
    ),
    Act(
        name="remedy", label=_("登记复议或诉讼"), follows=_challenged, right=Right.INSPECT, others=(CITY,),
        fits=lambda file: bool(file.listing.decided_on or file.listing.case.penalty), form=remedy_forms.RemedyForm,
        do=_note_remedy,
    ),
    Act(
        name="stay", label=_("登记停止执行"), follows=_stayed, right=Right.INSPECT, others=(CITY,),
        fits=lambda file: file.open_remedy is not None and file.open_remedy.stayed_on is None,
        form=remedy_forms.StayForm, do=_stay,
    ),
    Act(
        name="close-remedy", label=_("登记复议或诉讼结果"), follows=_closed, right=Right.INSPECT, others=(CITY,),
        fits=lambda file: file.open_remedy is not None, form=remedy_forms.OutcomeForm, do=_close_remedy,
    ),
    Act(
        name="repair", label=_("受理信用修复申请"), follows=_("派网格员现场核查，限期决定"), right=Right.INSPECT,
        others=(CITY,), fits=_may_repair, form=forms.RepairForm, do=_apply_repair,
    ),
    Act(
        name="decide-repair", label=_("决定信用修复"), follows=_("准予的立即移出名单，通知各部门解除惩戒"), right=CITY,
        not_by=lambda file: (file.open_repair.taken_by_id,) if file.open_repair else (),
        fits=lambda file: file.is_on and file.open_repair is not None, form=forms.DecideRepairForm, do=_decide_repair,
    ),
)  # fmt: skip
