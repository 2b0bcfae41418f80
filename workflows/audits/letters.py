"""The letters of an audit, all of the 经办机构, and the page that issues them."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grid import problems
from grid.scope import Actor, Right
from workflows.audits import documents
from workflows.audits.actions import serve_findings, serve_notice, serve_opinion, serve_result
from workflows.audits.acts import form_for
from workflows.audits.queries import audits_of
from workflows.cases.models import Case
from workflows.engine.acts import acts_on
from workflows.notices.actions.previews import as_shown, filled
from workflows.notices.letters import Act, Addressee, Letter, Page, Signer
from workflows.notices.models import NoticeKind


def _run(case: Case, act: str, given: QueryDict, by: Actor) -> object:
    newest = next(iter(audits_of(case)), None)
    if newest is None and act != "open":
        raise problems.NotHere()
    form = form_for(act, case, newest, as_shown(newest.state if newest else "", given))
    whole = filled(form, PAGE.name, act)
    if newest is not None:
        newest.case = case
    found = acts_on(PAGE.name)[act]
    return found.do(case if found.on else newest, whole, by)


PAGE = Page("audit", acts_on("audit"), _run)

LETTERS = (
    Letter(
        kind=NoticeKind.AUDIT_NOTICE, word="稽通", shape=documents.AuditNotice, right=Right.AUDIT,
        signer=Signer.AGENCY, issued_by=Act(PAGE, "open"), follows=serve_notice,
    ),
    Letter(
        kind=NoticeKind.AUDIT_FINDINGS, word="稽告", shape=documents.AuditFindings, right=Right.AUDIT,
        signer=Signer.AGENCY, issued_by=Act(PAGE, "findings"), follows=serve_findings,
    ),
    Letter(
        kind=NoticeKind.AUDIT_OPINION, word="稽意", shape=documents.AuditOpinion, right=Right.AUDIT,
        signer=Signer.AGENCY, issued_by=Act(PAGE, "approve"), follows=serve_opinion,
        decided=_("稽核意见审批"),
    ),
    Letter(
        kind=NoticeKind.AUDIT_CLEAR, word="稽结", shape=documents.AuditClear, right=Right.AUDIT,
        signer=Signer.AGENCY, issued_by=Act(PAGE, "clear"), follows=serve_result,
        decided=_("稽核结果审批"),
    ),
    Letter(
        kind=NoticeKind.PENALTY_PROPOSAL, word="稽建", shape=documents.PenaltyProposal, right=Right.AUDIT,
        signer=Signer.AGENCY, issued_by=Act(PAGE, "propose"), follows=None, to=Addressee.OFFICE,
    ),
    Letter(
        kind=NoticeKind.TAX_TRANSFER, word="欠移", shape=documents.TaxTransfer, right=Right.AUDIT,
        signer=Signer.AGENCY, issued_by=Act(PAGE, "transfer"), follows=None, to=Addressee.OFFICE,
    ),
)  # fmt: skip
