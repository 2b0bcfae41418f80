"""What the case page says of bringing a colleague into a step and of taking one back, and what came of it.

The sentences stand in desk_sentences.py.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid import problems
from tests.contract.desk_sentences import kept, read, said, send
from tests.workflows.conftest import Walk
from tests.workflows.signing.test_signing import approve, at, case, told, xu
from workflows.cases import actions as cases
from workflows.cases.models import Case, CaseState
from workflows.engine import problems as engine_problems
from workflows.engine.signing.actions import binding as signing
from workflows.engine.signing.models import Answer, Move, MoveState
from workflows.engine.signing.queries.matters import place_of
from workflows.engine.verbs import EngineVerb
from workflows.inspections import actions as inspecting
from workflows.inspections.models import InspectionState
from workflows.listing import actions as listings
from workflows.notices.models import Service

__all__ = ["case", "xu"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
MOVES = "signing/moves.html"


def page_at(case: Case) -> str:
    return reverse("case", args=[case.code])


def asking(case: Case, way: str) -> str:
    return reverse("move-ask", args=[case.code, "case", way])


def refused(kind: type[problems.Problem], act: Callable[[], object]) -> bool:
    with pytest.raises(kind):
        act()
    return True


def test_a_step_handed_over(cast: Any, case: Case, xu: Any, client: Client) -> None:
    address = asking(case, "hand_over")
    page = read(client, cast.sun, page_at(case))
    sentence = said(page, address)
    send(client, page, address, people=xu.person_id, question="出差")
    shut = refused(engine_problems.StepHandedOver, lambda: approve(case, cast.by.sun))
    seen = read(client, cast.zheng, page_at(case))
    page = read(client, cast.sun, page_at(case))
    send(client, page, reverse("move-answer", args=[Move.objects.get().pk, "recall"]), words="提前返回")
    recalled = Move.objects.get().state == MoveState.RECALLED
    page = read(client, cast.sun, page_at(case))
    send(client, page, address, people=xu.person_id, question="又要出差")
    approve(case, xu)
    clauses = {
        "这一步改由该同事办理": shut and case.street_by_id == xu.person_id,
        "其他人能看到由谁办理": re.search(r"孙[^<]* 请 许明", seen),
        "可以收回": recalled,
    }
    kept(MOVES, sentence, clauses)


def test_a_step_delegated(cast: Any, case: Case, walk: Walk, client: Client) -> None:
    walk.to(case, CaseState.URGING)
    notice = cases.issue_notice(case, by=cast.by.zhao)
    page = read(client, cast.zhao, page_at(case))
    sentence = said(page, address := asking(case, "delegate"))
    send(client, page, address, people=cast.sun.pk, question="整理材料")
    early = refused(engine_problems.StepNotPrepared, lambda: walk.serve(notice, cast.by.zhao))
    prepare = reverse("move-answer", args=[Move.objects.get().pk, "prepare"])
    send(client, read(client, cast.sun, page_at(case)), prepare, words="三次走访已汇总")
    others = refused(engine_problems.StepHandedOver, lambda: walk.serve(notice, cast.by.sun))
    walk.serve(notice, cast.by.zhao)
    clauses = {
        "该同事准备材料": early,
        "交回后仍由您办理": others and Service.objects.get().recorded_by_id == cast.zhao.pk,
        "准备的文字存卷": "三次走访已汇总" in read(client, cast.qian, page_at(case)),
    }
    kept(MOVES, sentence, clauses)


def test_an_opinion_asked_for(cast: Any, case: Case, walk: Walk, client: Client) -> None:
    page = read(client, cast.sun, page_at(case))
    sentence = said(page, address := asking(case, "signer"))
    send(client, page, address, people=cast.zhou.pk, question="是否够立案标准")
    early = refused(engine_problems.OpinionsOutstanding, lambda: approve(case, cast.by.sun))
    opinion = reverse("move-answer", args=[Move.objects.get().pk, "opinion"])
    send(client, read(client, cast.zhou, page_at(case)), opinion, answer="refuse", words="证据不足")
    approve(case, cast.by.sun)
    signing.ask_signer(at(case), cast.zhou.pk, "请提意见", by=cast.by.qian)
    walk.wait(case, "signing.opinion")
    silent = Move.objects.latest("pk").state == MoveState.LAPSED
    approve(case, cast.by.qian)
    clauses = {
        "该同事发表意见后才能办理这一步": early and case.street_by_id == cast.sun.pk,
        "意见存卷": "证据不足" in read(client, cast.zheng, page_at(case)),
        "逾期未答复视为没有意见": silent and case.state == CaseState.URGING,
    }
    kept(MOVES, sentence, clauses)


def test_a_countersigning(cast: Any, case: Case, client: Client) -> None:
    page = read(client, cast.sun, page_at(case))
    sentence = said(page, address := asking(case, "countersign"))
    send(client, page, address, people=[cast.zhou.pk, cast.zhao.pk], question="请会签")
    first, second = Move.objects.order_by("pk")
    signing.give_opinion(
        first, Answer.AGREE, "", by=cast.by.zhao if first.asked == cast.zhao else cast.by.zhou
    )
    early = refused(engine_problems.OpinionsOutstanding, lambda: approve(case, cast.by.sun))
    opinion = reverse("move-answer", args=[second.pk, "opinion"])
    send(client, read(client, second.asked, page_at(case)), opinion, answer="refuse", words="人数不实")
    shut = refused(engine_problems.CountersignRefused, lambda: approve(case, cast.by.sun))
    cases.return_case(case, "人数不实", [], by=cast.by.sun)
    clauses = {
        "所有被请的人都同意才能通过": early,
        "有一人不同意的": shut,
        "只能退回或者终止办理": case.state == CaseState.CORRECTION,
    }
    kept(MOVES, sentence, clauses)


def test_where_nothing_goes_back_a_refused_countersigning_leaves_the_end(
    cast: Any, case: Case, walk: Walk, make_case: Callable[..., Case]
) -> None:
    filed = walk.inspection_at(case, InspectionState.FILING)
    place = place_of(filed)
    assert place is not None
    (move,) = signing.ask_countersigners(place, [cast.sun.pk], "请会签", by=cast.by.qian)
    signing.give_opinion(move, Answer.REFUSE, "证据不足", by=cast.by.sun)
    refused(engine_problems.CountersignRefused, lambda: inspecting.approve_filing(filed, by=cast.by.qian))
    inspecting.refuse_filing(filed, "会签不同意", by=cast.by.qian)
    assert not filed.is_open
    public = walk.to(make_case(), CaseState.PUBLICATION)
    (move,) = signing.ask_countersigners(at(public), [cast.wu.pk], "请会签", by=cast.by.ma)
    signing.give_opinion(move, Answer.REFUSE, "事实有变", by=cast.by.wu)
    refused(engine_problems.CountersignRefused, lambda: listings.publish_listing(public, by=cast.by.ma))
    listings.drop_listing(public, "会签不同意", by=cast.by.ma)
    assert public.state == CaseState.NOT_LISTED


def test_a_step_taken_back(cast: Any, case: Case, client: Client) -> None:
    approve(case, cast.by.sun)
    address = reverse("take-back", args=[case.code, "case"])
    page = read(client, cast.sun, page_at(case))
    sentence = said(page, address)
    send(client, page, address, words="看错了")
    case.refresh_from_db()
    back = case.state == CaseState.STREET_APPROVAL and case.street_by is None
    approve(case, cast.by.sun)
    approve(case, cast.by.qian)
    clauses = {
        "回到这一步重新办理": back,
        "还没有人接着办理": address not in read(client, cast.sun, page_at(case)),
        "撤回记入台账": told(case, EngineVerb.ACT_TAKEN_BACK)[0]["reason"] == "看错了",
    }
    kept(MOVES, sentence, clauses)
