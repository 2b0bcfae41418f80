"""Whoever has just issued a document has its number and the paper in hand."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.approving import approve_all
from tests.workflows.conftest import Walk
from workflows.cases.models import Case, CaseState
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S
from workflows.notices.models import Notice


def said(answer: Any) -> str:
    return "".join(re.findall(r'role="status"><p>(.*?)</p>', answer.content.decode(), re.DOTALL))


def in_hand(client: Client, answer: Any, notice: Notice) -> bool:
    text = said(answer)
    (paper,) = re.findall(rf'href="(/notices/{notice.pk}\.pdf)"', text)
    return notice.number in text and client.get(paper).status_code == 200


def test_a_notice_of_a_case(client: Client, cast: Any, walk: Walk, make_case: Callable[..., Case]) -> None:
    case = walk.to(make_case(), CaseState.URGING)
    client.force_login(cast.zhao)
    answer = client.post(f"/cases/{case.code}/urge/", {"at": case.state}, follow=True)
    notice = case.notices.get()
    assert in_hand(client, answer, notice)
    again = client.post(f"/notices/{notice.pk}/reissue/", {"why": "地址有误"}, follow=True)
    assert in_hand(client, again, case.notices.latest("pk"))
    approve_all(case)
    served = {"at": case.state, "way": "direct", "served_on": case.opened_at.date(), "receiver": "张三"}
    assert "已制发" not in said(client.post(f"/cases/{case.code}/serve-urging/", served, follow=True))


def test_an_order_of_an_inspection(
    client: Client, cast: Any, inspection_at: Callable[..., Inspection]
) -> None:
    one = inspection_at(S.INVESTIGATING)
    client.force_login(cast.zhou)
    answer = client.post(f"/cases/{one.case.code}/inspection/order/", {"at": one.state}, follow=True)
    assert in_hand(client, answer, one.case.notices.latest("pk"))
