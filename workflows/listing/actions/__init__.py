"""Listing with its whole due process. Every gate is asked here and once more by the database (models.py).

proposed → notice served → defence (term by the clock) → legal review → district → city → service
→ publication → removal when the period is over
"""

from workflows.listing.actions.deciding import (
    decide_city,
    decide_district,
    review_listing,
    serve_listing_decision,
)
from workflows.listing.actions.grounds import review_ground
from workflows.listing.actions.hearing import (
    answer_defence,
    close_defence,
    give_listing_notice,
    record_defence,
    serve_listing_notice,
)
from workflows.listing.actions.proposing import propose_listing
from workflows.listing.actions.publishing import publish_listing, remove_listing
from workflows.listing.actions.turning_back import correct_listing, drop_listing, dropping_right

__all__ = [
    "answer_defence",
    "close_defence",
    "correct_listing",
    "decide_city",
    "decide_district",
    "drop_listing",
    "dropping_right",
    "give_listing_notice",
    "propose_listing",
    "publish_listing",
    "record_defence",
    "remove_listing",
    "review_ground",
    "review_listing",
    "serve_listing_decision",
    "serve_listing_notice",
]
