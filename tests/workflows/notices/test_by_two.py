"""What orders or punishes is handed over by two officers, each with a card (行政处罚法 42条1款)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from grid.calendar.now import today
from tests.workflows.conftest import SERVERS, Walk
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.notices import problems as notices_problems
from workflows.notices.models import NoticeKind, Service


@pytest.fixture
def decided(inspection_at: Callable[..., Inspection]) -> Inspection:
    return inspection_at(S.DECIDED)


@pytest.mark.parametrize(
    "way",
    [{"way": "direct"}, {"way": "left", "refused_why": "拒收", "witness": "李四"}],
    ids=["direct", "left"],
)
def test_law_24_two_officers_hand_over_what_punishes(
    way: dict[str, str], decided: Inspection, walk: Walk, cast: Any
) -> None:
    decision = decided.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    first = SERVERS["server_1"]
    for servers in (
        {"server_1": "", "server_2": ""},
        {"server_1": first, "server_2": ""},
        {"server_2": first},
    ):
        with pytest.raises(notices_problems.ServiceUnproved):
            walk.serve(decision, cast.by.zhou, **way, **servers)
    assert not Service.objects.filter(notice=decision).exists()
    service = walk.serve(decision, cast.by.zhou, **way)
    assert (service.server_1, service.server_2) == tuple(SERVERS.values())


def test_law_24_the_post_and_papers_that_only_inform_need_no_two(
    decided: Inspection, walk: Walk, cast: Any
) -> None:
    decision = decided.case.notices.get(kind=NoticeKind.PENALTY_DECISION)
    alone = {"server_1": "", "server_2": ""}
    assert walk.serve(decision, cast.by.zhou, way="mail", reference="EMS1", **alone).way == "mail"
    urging = decided.case.notices.get(kind=NoticeKind.URGING)
    assert urging.service.way == "direct"


@pytest.mark.once
def test_law_24_the_page_offers_officers_with_their_cards(
    decided: Inspection, walk: Walk, cast: Any, client: Any
) -> None:
    client.force_login(cast.zhou)
    page = client.get(reverse("inspection", args=[decided.case.code])).content.decode()
    assert all(card in page for card in SERVERS.values())
    given = {
        "at": decided.state, "way": "direct", "served_on": today().isoformat(), "receiver": "张三",
        "server_1": SERVERS["server_1"],
    }  # fmt: skip
    act = reverse("inspection-act", args=[decided.case.code, "serve-decision"])
    assert client.post(act, given).status_code == 422
    assert client.post(act, given | {"server_2": "某某（无证）"}).status_code == 422
    assert client.post(act, given | {"server_2": SERVERS["server_2"]}).status_code == 302
