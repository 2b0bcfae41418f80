"""Every write on an inspection. `inspection` arguments are refreshed to the state the act left behind."""

from workflows.inspections.actions.applying import Asked, apply_court
from workflows.inspections.actions.challenging import hold_penalty, settle_penalty, stay_penalty
from workflows.inspections.actions.deciding import (
    decide,
    impose_no_penalty,
    return_inspection,
    review_inspection,
    serve_decision,
    transfer_inspection,
    withdraw_inspection,
)
from workflows.inspections.actions.discussing import (
    Concluded,
    call_members,
    conclude_discussion,
    give_opinion,
)
from workflows.inspections.actions.enforcing import (
    issue_demand,
    note_enforced,
    record_payment,
    remedy_over,
    serve_demand,
)
from workflows.inspections.actions.filing import (
    approve_filing,
    file_inspection,
    recuse_officer,
    refuse_filing,
)
from workflows.inspections.actions.hearing import (
    HearingReport,
    Session,
    answer_statement,
    call_hearing,
    close_statement,
    hold_hearing,
    move_hearing,
    record_statement,
    request_hearing,
    serve_hearing_notice,
    statement_over,
)
from workflows.inspections.actions.investigating import (
    expire_order,
    extend_investigation,
    issue_order,
    issue_penalty_notice,
    note_overdue,
    serve_order,
    serve_penalty_notice,
)
from workflows.inspections.actions.punishing import correction_over
from workflows.inspections.actions.recording import Minutes, record_hearing
from workflows.inspections.records.actions import (
    Record,
    note_record,
    report_investigation,
    second_record,
)

__all__ = [
    "Asked",
    "Concluded",
    "HearingReport",
    "Minutes",
    "Record",
    "Session",
    "answer_statement",
    "apply_court",
    "approve_filing",
    "call_hearing",
    "call_members",
    "close_statement",
    "conclude_discussion",
    "correction_over",
    "decide",
    "expire_order",
    "extend_investigation",
    "file_inspection",
    "give_opinion",
    "hold_hearing",
    "hold_penalty",
    "impose_no_penalty",
    "issue_demand",
    "issue_order",
    "issue_penalty_notice",
    "move_hearing",
    "note_enforced",
    "note_overdue",
    "note_record",
    "record_hearing",
    "record_payment",
    "record_statement",
    "recuse_officer",
    "refuse_filing",
    "remedy_over",
    "report_investigation",
    "request_hearing",
    "return_inspection",
    "review_inspection",
    "second_record",
    "serve_decision",
    "serve_demand",
    "serve_hearing_notice",
    "serve_order",
    "serve_penalty_notice",
    "settle_penalty",
    "statement_over",
    "stay_penalty",
    "transfer_inspection",
    "withdraw_inspection",
]
