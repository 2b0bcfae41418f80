"""What waits for a grid where a worker goes about: kept on the phone as it changes, and searched beyond that.

A claim itself is a visit of form `pool_claim` with the subject and the grid: it comes with all others.
"""

from django.http import HttpResponse
from ninja import Router
from ninja.params.functions import Query

from mobile_api.answers import OF_LIVE_PHONE, json_answer, refuses, tagged_answer
from mobile_api.devices.api import PhoneRequest, live_phone
from mobile_api.sync.pool import queries
from mobile_api.sync.pool.api.schemas import PoolOut, PoolSearchIn, PoolSearchOut
from mobile_api.sync.queries.paging import SMALLEST_BUDGET, USUAL_BUDGET

router = Router()


@router.get(
    "pool", response={200: PoolOut}, auth=live_phone, openapi_extra=refuses(*OF_LIVE_PHONE, tagged=True)
)
def pool(
    request: PhoneRequest,
    known: str = Query(
        "", pattern=queries.KNOWN_PATTERN, description="fingerprints of the 64 buckets the phone holds"
    ),
    budget: int = Query(
        USUAL_BUDGET,
        ge=SMALLEST_BUDGET,
        le=5_000_000,
        description="bytes of the answer, before compression",
    ),
) -> HttpResponse:
    """What differs from the pool the phone holds; ask again while `more`."""
    return tagged_answer(request, queries.pool_changes(request.auth, known, budget))


@router.post("pool", response={200: PoolSearchOut}, auth=live_phone, openapi_extra=refuses(*OF_LIVE_PHONE))
def pool_search(request: PhoneRequest, body: PoolSearchIn) -> HttpResponse:
    """The pool of the worker's community, street and district by name, code, address, or what stands on the sign."""
    return json_answer({"rows": queries.pool_search(request.auth, body.words)})
