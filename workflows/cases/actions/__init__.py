"""Every write on a case. `case` arguments are refreshed to the state the act left behind."""

from workflows.cases.actions.enforcing import (
    escalate_case,
    issue_notice,
)
from workflows.cases.actions.following import follow_proceeding
from workflows.cases.actions.healing import heal_cases, heal_rectified
from workflows.cases.actions.opening import (
    approve_case,
    confirm_and_open,
    correct_case,
    open_case,
    return_case,
    withdraw_case,
)
from workflows.notices.actions import record_service

__all__ = [
    "approve_case",
    "confirm_and_open",
    "correct_case",
    "escalate_case",
    "follow_proceeding",
    "heal_cases",
    "heal_rectified",
    "issue_notice",
    "open_case",
    "record_service",
    "return_case",
    "withdraw_case",
]
