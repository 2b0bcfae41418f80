"""What a person may do with an audit now: lawful acts only, each with what will follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grid.scope import Actor, Right
from workflows.audits.composing import found_of
from workflows.audits.models import AuditState as S
from workflows.audits.queries import File
from workflows.audits.rules import is_wrong
from workflows.cases.models import Case, CaseState
from workflows.notices.models import NoticeKind

Text = str | Promise


@dataclass(frozen=True)
class Offer:
    """One act: its name in the address, its label, what follows, whose right. `whom`: the two auditors, somebody else
    than they, or anybody with the right."""

    name: str
    label: Text
    follows: Text
    states: tuple[str, ...]
    right: Right = Right.AUDIT
    whom: str = "auditor"
    danger: bool = False
    fits: Callable[[File], bool] = lambda file: True


def _waits(kind: str) -> Callable[[File], bool]:
    return lambda file: file.unserved(kind) is not None


def _lacks(kind: str) -> Callable[[File], bool]:
    return lambda file: file.unserved(kind) is None


def _may_inform(file: File) -> bool:
    audit = file.audit
    has = bool(audit.records.all()) and bool(audit.findings.all())
    return has and file.unserved(NoticeKind.AUDIT_FINDINGS) is None


def _answerable(file: File) -> bool:
    return file.audit.drafted_at is None


def _may_clear(file: File) -> bool:
    """Something was looked at, and nothing was found to be wrong."""
    return bool(file.audit.records.all()) and not any(
        is_wrong(found_of(row)) for row in file.audit.findings.all()
    )


def _may_draft(file: File) -> bool:
    audit = file.audit
    return audit.approved_at is None and (audit.answer_on is not None or audit.answer_closed_on is not None)


def _is_drafted(file: File) -> bool:
    return file.audit.drafted_at is not None and file.audit.approved_at is None


def _is_over(file: File) -> bool:
    return file.audit.expired_on is not None


def _is_owed(file: File) -> bool:
    return _is_over(file) and any(finding.arrears > 0 for finding in file.audit.findings.all())


DISTRICT = Right.APPROVE_DISTRICT
OFFERS = (
    Offer("serve-notice", _("登记稽核通知书送达"), _("送达后开始稽核"), (S.NOTICED,), whom="anybody",
          fits=_waits(NoticeKind.AUDIT_NOTICE)),
    Offer("record", _("登记稽核记录"), _("工作记录、询问笔录或者调取资料，入卷"), (S.EXAMINING, S.INFORMED)),
    Offer("finding", _("登记稽核发现"), _("按险种登记人数、基数和欠费，再次登记以新的为准"), (S.EXAMINING, S.INFORMED),
          fits=_answerable),
    Offer("findings", _("制发情况告知书"), _("编号并生成稽核情况告知书，打印后送达"), (S.EXAMINING,), fits=_may_inform),
    Offer("serve-findings", _("登记情况告知书送达"), _("答复期和提出意见的期限自送达次日起算"), (S.EXAMINING,), whom="anybody",
          fits=_waits(NoticeKind.AUDIT_FINDINGS)),
    Offer("answer", _("登记单位答复"), _("收到答复后可以提出稽核意见"), (S.INFORMED,), fits=_answerable),
    Offer("draft", _("拟写稽核意见"), _("报区级审批"), (S.INFORMED,), fits=_may_draft),
    Offer("approve", _("批准稽核意见"), _("编号并生成稽核意见书，打印后送达"), (S.INFORMED,), DISTRICT, "another",
          fits=_is_drafted),
    Offer("return", _("退回稽核意见"), _("回到稽核人员"), (S.INFORMED,), DISTRICT, "another", fits=_is_drafted),
    Offer("serve-opinion", _("登记意见书送达"), _("责令改正期限自送达次日起算"), (S.INFORMED,), whom="anybody",
          fits=_waits(NoticeKind.AUDIT_OPINION)),
    Offer("correct", _("核实已改正"), _("稽核和案件以已改正办结"), (S.OPINION,)),
    Offer("transfer", _("欠费移送税务"), _("移送征收机构，等待答复"), (S.OPINION,), danger=True, fits=_is_owed),
    Offer("propose", _("提请行政处罚"), _("生成建议书，案件回到待处置，可以申请立案"), (S.OPINION,), danger=True, fits=_is_over),
    Offer("obstruct", _("拒绝稽核，提请处罚"), _("写明拒绝、阻碍的经过，案件回到待处置"), (S.NOTICED, S.EXAMINING), danger=True),
    Offer("clear", _("未发现问题，结束稽核"), _("编号并生成稽核结果告知书，稽核和案件办结"),
          (S.EXAMINING, S.INFORMED), DISTRICT, "another", fits=_may_clear),
    Offer("serve-result", _("登记结果告知书送达"), _("送达情况存卷，送达期限停止计算"), (S.CLEAN,), whom="anybody",
          fits=_waits(NoticeKind.AUDIT_CLEAR)),
    Offer("replace", _("更换稽核人员"), _("回避或者调离"), (S.NOTICED, S.EXAMINING, S.INFORMED), DISTRICT, "another",
          fits=lambda file: file.audit.approved_at is None),
)  # fmt: skip
OPEN = Offer(
    "open",
    _("开展社会保险稽核"),
    _("指定两名稽核人员，编号并生成稽核通知书"),
    (CaseState.ESCALATED,),
    whom="anybody",
)
RECALL = Offer(
    "recall", _("撤回移送"), _("不再等待税务答复，案件回到待处置"), (S.TAX,), DISTRICT, "anybody", danger=True
)


def offers_for(viewer: Actor, case: Case, file: File | None) -> list[Offer]:
    """The lawful acts of `viewer`, the ordinary one first."""
    return list(_lawful(viewer, case, file))


def _lawful(viewer: Actor, case: Case, file: File | None) -> Iterator[Offer]:
    if case.state == CaseState.ESCALATED and viewer.can(OPEN.right, case.area):
        yield OPEN
    if file is None:
        return
    audit = file.audit
    yield from (offer for offer in OFFERS if audit.state in offer.states and _is_open_to(viewer, offer, file))
    if file.transfer and file.transfer.is_open and viewer.can(RECALL.right, audit.area):
        yield RECALL


def _is_open_to(viewer: Actor, offer: Offer, file: File) -> bool:
    mine = viewer.person_id in file.audit.auditors
    fits_whom = {"auditor": mine, "another": not mine, "anybody": True}[offer.whom]
    return fits_whom and viewer.can(offer.right, file.audit.area) and offer.fits(file)
