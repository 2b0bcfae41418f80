"""Every write on a case. `case` arguments are refreshed to the state the act left behind."""

from workflows.cases.actions.enforcing import (
    escalate_case,
    issue_notice,
)
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.actions.opening import (
    approve_case,
    confirm_and_open,
    correct_case,
    open_case,
    return_case,
    withdraw_case,
)
from workflows.cases.actions.rectified import close_rectified, rectify_cases
from workflows.notices.actions import record_service

__all__ = [
    "approve_case",
    "close_rectified",
    "confirm_and_open",
    "correct_case",
    "escalate_case",
    "follow_proceeding",
    "issue_notice",
    "open_case",
    "record_service",
    "rectify_cases",
    "return_case",
    "withdraw_case",
]
