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
from workflows.listing.actions import (
    answer_defence,
    close_defence,
    correct_listing,
    decide_city,
    decide_district,
    drop_listing,
    give_listing_notice,
    propose_listing,
    publish_listing,
    record_defence,
    remove_listing,
    review_listing,
)
from workflows.notices.actions import record_service

__all__ = [
    "answer_defence",
    "approve_case",
    "close_defence",
    "confirm_and_open",
    "correct_case",
    "correct_listing",
    "decide_city",
    "decide_district",
    "drop_listing",
    "escalate_case",
    "follow_proceeding",
    "give_listing_notice",
    "heal_cases",
    "heal_rectified",
    "issue_notice",
    "open_case",
    "propose_listing",
    "publish_listing",
    "record_defence",
    "record_service",
    "remove_listing",
    "return_case",
    "review_listing",
    "withdraw_case",
]
