"""Every write on an audit and on a transfer to the tax office."""

from workflows.audits.actions.auditing import (
    close_answer,
    issue_findings,
    note_finding,
    note_record,
    open_audit,
    record_answer,
    replace_auditor,
    serve_findings,
    serve_notice,
)
from workflows.audits.actions.clearing import clear_audit, report_letter_late, serve_result
from workflows.audits.actions.opining import (
    approve_opinion,
    confirm_correction,
    draft_opinion,
    end_rectified,
    expire_correction,
    note_overdue,
    propose_penalty,
    report_obstruction,
    return_opinion,
    serve_opinion,
)
from workflows.audits.actions.transferring import (
    answer_transfer,
    escalate_transfer,
    recall_transfer,
    remind_tax,
    transfer_to_tax,
)

__all__ = [
    "answer_transfer",
    "approve_opinion",
    "clear_audit",
    "close_answer",
    "confirm_correction",
    "draft_opinion",
    "end_rectified",
    "escalate_transfer",
    "expire_correction",
    "issue_findings",
    "note_finding",
    "note_overdue",
    "note_record",
    "open_audit",
    "propose_penalty",
    "recall_transfer",
    "record_answer",
    "remind_tax",
    "replace_auditor",
    "report_letter_late",
    "report_obstruction",
    "return_opinion",
    "serve_findings",
    "serve_notice",
    "serve_opinion",
    "serve_result",
    "transfer_to_tax",
]
