"""The acts of an audit, and the opening of one: what there is to know of each, said once."""

from collections.abc import Callable

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.calendar.now import today
from grid.scope import Actor, Right
from grid.texts import Text
from workflows.audits import actions, forms
from workflows.audits import problems as audits_problems
from workflows.audits.documents.composing import found_of
from workflows.audits.models import Audit
from workflows.audits.models import AuditState as S
from workflows.audits.queries import File, transfer_of
from workflows.audits.rules import is_wrong
from workflows.cases.models import Case
from workflows.engine.acts import Act, People, acts_on, offers_for, word_of
from workflows.notices.acts import serving, waits_for
from workflows.notices.models import NoticeKind


def _auditors(file: File) -> People:
    """The two who were named: theirs is the audit, and the word over it somebody else's."""
    return file.audit.auditors


# --- what it asks of the audit ---------------------------------------------------------------------


def _ask_begun(audit: Audit) -> problems.Problem | None:
    """Nothing is looked at before its day: the unit is told some days ahead (社会保险稽核办法)."""
    return audits_problems.AuditNotBegun(on=audit.held_on) if today() < audit.held_on else None


def _ask_undrafted(name: str) -> Callable[[Audit], problems.Problem | None]:
    def ask(audit: Audit) -> problems.Problem | None:
        if not_begun := _ask_begun(audit):
            return not_begun
        return _misplaced(audit, name, _("意见已拟写")) if audit.drafted_at else None

    return ask


def _ask_unapproved(name: str) -> Callable[[Audit], problems.Problem | None]:
    def ask(audit: Audit) -> problems.Problem | None:
        return _misplaced(audit, name, _("意见已批准")) if audit.approved_at else None

    return ask


def _ask_drafted(name: str) -> Callable[[Audit], problems.Problem | None]:
    def ask(audit: Audit) -> problems.Problem | None:
        if audit.approved_at:
            return _misplaced(audit, name, _("意见已批准"))
        return None if audit.drafted_at else _misplaced(audit, name, _("意见未拟写"))

    return ask


def _misplaced(audit: Audit, name: str, state: Text) -> problems.Problem:
    return problems.OutOfOrder(thing=audit.code, state=state, act=word_of(audit, name))


# --- what it needs of its papers and findings ------------------------------------------------------


def _may_inform(file: File) -> bool:
    audit = file.audit
    has = bool(audit.records.all()) and bool(audit.findings.all())
    return has and file.unserved(NoticeKind.AUDIT_FINDINGS) is None


def _may_clear(file: File) -> bool:
    """Something was looked at, and nothing was found to be wrong."""
    return bool(file.audit.records.all()) and not any(
        is_wrong(found_of(row)) for row in file.audit.findings.all()
    )


def _is_answered(file: File) -> bool:
    return file.audit.answer_on is not None or file.audit.answer_closed_on is not None


def _is_owed(file: File) -> bool:
    return any(finding.arrears > 0 for finding in file.audit.findings.all())


def _is_transferred(file: File) -> bool:
    return file.transfer is not None and file.transfer.is_open


# --- what it does ----------------------------------------------------------------------------------


def offers(viewer: Actor, case: Case, file: File | None) -> list[Act]:
    """The lawful acts of `viewer` on the page: of the case, where an audit may be opened, and of its newest audit."""
    return [
        *offers_for("audit", viewer, case, None),
        *(offers_for("audit", viewer, file.audit, file) if file else ()),
    ]


def form_for(name: str, case: Case, audit: Audit | None, data: QueryDict | None = None) -> forms.ActForm:
    """The form of an act, empty or with what was sent. The forms of one page differ by the ids of their fields."""
    made: forms.ActForm = acts_on("audit")[name].form(data, audit=audit, area=case.area, auto_id=f"{name}-%s")
    return made


def _open(case: Case, form: forms.OpenForm, by: Actor) -> Audit:
    return actions.open_audit(case, form.auditors(), form.plan(), by=by)


def _with_why(act: Callable[..., object]) -> Callable[[Audit, forms.WhyForm, Actor], object]:
    return lambda audit, form, by: act(audit, form.cleaned_data["why"], by=by, at=form.at_state)


def _find(audit: Audit, form: forms.FindingForm, by: Actor) -> object:
    return actions.note_finding(audit, form.cleaned_data["insurance"], form.found(), by=by)


def _answer(audit: Audit, form: forms.AnswerForm, by: Actor) -> object:
    return actions.record_answer(audit, form.cleaned_data["text"], form.cleaned_data["on"], by=by)


def _draft(audit: Audit, form: forms.DraftForm, by: Actor) -> object:
    return actions.draft_opinion(audit, form.cleaned_data["orders"], form.cleaned_data["heard"], by=by)


def _approve(audit: Audit, form: forms.ApproveForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.approve_opinion(audit, given["remark"], given["days"], by=by, at=form.at_state)


def _transfer(audit: Audit, form: forms.TransferForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.transfer_to_tax(audit, given["department"], given["why"], by=by, at=form.at_state)


def _replace(audit: Audit, form: forms.ReplaceForm, by: Actor) -> object:
    given = form.cleaned_data
    return actions.replace_auditor(audit, given["old"], given["new"], given["why"], by=by)


def _recall(audit: Audit, form: forms.WhyForm, by: Actor) -> object:
    transfer = transfer_of(audit)
    if transfer is None:
        raise problems.NotHere()
    return actions.recall_transfer(transfer, form.cleaned_data["why"], by=by)


# --- the acts, in the order of the page ------------------------------------------------------------

DISTRICT = Right.APPROVE_DISTRICT
ACTS = (
    Act(
        name="open", label=_("开展社会保险稽核"), follows=_("指定两名稽核人员，编号并生成稽核通知书"), on="case",
        steps=("audit",), right=Right.AUDIT, form=forms.OpenForm, do=_open,
    ),
    Act(
        name="serve-notice", label=_("登记稽核通知书送达"), follows=_("送达满规定天数后，按通知的日期开始稽核"), steps=("begin",),
        fits=waits_for(NoticeKind.AUDIT_NOTICE), form=forms.ServiceForm, do=serving(NoticeKind.AUDIT_NOTICE),
    ),
    Act(
        name="record", label=_("登记稽核记录"), follows=_("工作记录、询问笔录或者调取资料，入卷"),
        states=(S.EXAMINING, S.INFORMED), right=Right.AUDIT, only_by=_auditors, asks=_ask_begun,
        form=forms.RecordForm,
        do=lambda audit, form, by: actions.note_record(audit, form.record(), by=by),
    ),
    Act(
        name="finding", label=_("登记稽核发现"), follows=_("按险种登记人数和基数，欠缴金额自动计算，再次登记以新的为准"),
        states=(S.EXAMINING, S.INFORMED), right=Right.AUDIT, only_by=_auditors, asks=_ask_undrafted("finding"),
        form=forms.FindingForm, do=_find,
    ),
    Act(
        name="roster", label=_("登记未参保职工名册"), follows=_("加密入卷，作为文书附件只送达单位"),
        states=(S.EXAMINING, S.INFORMED), right=Right.AUDIT, only_by=_auditors, asks=_ask_undrafted("roster"),
        form=forms.RosterForm,
        do=lambda audit, form, by: actions.keep_roster(audit, form.cleaned_data["names"], by=by),
    ),
    Act(
        name="findings", label=_("制发情况告知书"), word=NoticeKind.AUDIT_FINDINGS.label,
        follows=_("编号并生成稽核情况告知书，打印后送达"), states=(S.EXAMINING,), right=Right.AUDIT, only_by=_auditors,
        fits=_may_inform, form=forms.PlainForm, do=lambda audit, form, by: actions.issue_findings(audit, by=by),
    ),
    Act(
        name="serve-findings", label=_("登记情况告知书送达"), follows=_("答复期和提出意见的期限自送达次日起算"),
        steps=("inform",), fits=waits_for(NoticeKind.AUDIT_FINDINGS), form=forms.ServiceForm,
        do=serving(NoticeKind.AUDIT_FINDINGS),
    ),
    Act(
        name="answer", label=_("登记单位答复"), word=_("登记答复"), follows=_("收到答复后可以提出稽核意见"),
        states=(S.INFORMED,), right=Right.AUDIT, only_by=_auditors, asks=_ask_undrafted("answer"),
        form=forms.AnswerForm, do=_answer,
    ),
    Act(
        name="draft", label=_("拟写稽核意见"), follows=_("报区级审批"), states=(S.INFORMED,), right=Right.AUDIT,
        only_by=_auditors, asks=_ask_unapproved("draft"), fits=_is_answered, form=forms.DraftForm, do=_draft,
    ),
    Act(
        name="approve", label=_("批准稽核意见"), follows=_("编号并生成稽核意见书，打印后送达"), states=(S.INFORMED,),
        right=DISTRICT, not_by=_auditors, asks=_ask_drafted("approve"), form=forms.ApproveForm, do=_approve,
    ),
    Act(
        name="return", label=_("退回稽核意见"), follows=_("回到稽核人员"), states=(S.INFORMED,), right=DISTRICT,
        not_by=_auditors, asks=_ask_drafted("return"), form=forms.WhyForm,
        do=lambda audit, form, by: actions.return_opinion(audit, form.cleaned_data["why"], by=by),
    ),
    Act(
        name="serve-opinion", label=_("登记意见书送达"), follows=_("责令改正期限自送达次日起算"), steps=("order",),
        fits=waits_for(NoticeKind.AUDIT_OPINION), form=forms.ServiceForm, do=serving(NoticeKind.AUDIT_OPINION),
    ),
    Act(
        name="correct", label=_("核实已改正"), follows=_("稽核和案件以已改正办结"), steps=("correct",),
        only_by=_auditors, form=forms.WhyForm, do=_with_why(actions.confirm_correction),
    ),
    Act(
        name="transfer", label=_("欠费移送税务"), follows=_("移送征收机构，等待答复"), steps=("transfer",), danger=True,
        only_by=_auditors, fits=_is_owed, form=forms.TransferForm, do=_transfer,
    ),
    Act(
        name="propose", label=_("提请行政处罚"), follows=_("生成建议书，案件回到待处置，可以申请立案"), steps=("propose",),
        danger=True, only_by=_auditors, form=forms.WhyForm, do=_with_why(actions.propose_penalty),
    ),
    Act(
        name="obstruct", label=_("拒绝稽核，提请处罚"), follows=_("写明拒绝、阻碍的经过，案件回到待处置"),
        steps=("obstruct",), danger=True, only_by=_auditors, form=forms.WhyForm,
        do=_with_why(actions.report_obstruction),
    ),
    Act(
        name="clear", label=_("未发现问题，结束稽核"), follows=_("编号并生成稽核结果告知书，稽核和案件办结"), steps=("clear",),
        right=DISTRICT, not_by=_auditors, fits=_may_clear, form=forms.WhyForm, do=_with_why(actions.clear_audit),
    ),
    Act(
        name="serve-result", label=_("登记结果告知书送达"), follows=_("送达情况存卷，送达期限停止计算"), states=(S.CLEAN,),
        right=Right.AUDIT, fits=waits_for(NoticeKind.AUDIT_CLEAR), form=forms.ServiceForm,
        do=serving(NoticeKind.AUDIT_CLEAR),
    ),
    Act(
        name="replace", label=_("更换稽核人员"), follows=_("回避或者调离"), states=(S.NOTICED, S.EXAMINING, S.INFORMED),
        right=DISTRICT, not_by=_auditors, asks=_ask_unapproved("replace"), form=forms.ReplaceForm, do=_replace,
    ),
    Act(
        name="recall", label=_("撤回移送"), follows=_("不再等待税务答复，案件回到待处置"), states=(S.TAX,), right=DISTRICT,
        danger=True, fits=_is_transferred, form=forms.WhyForm, do=_recall,
    ),
)  # fmt: skip
