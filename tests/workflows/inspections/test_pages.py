"""The page of an inspection: lawful acts only, and each act done from it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grid.calendar.now import today
from project.inbox import inbox_of
from tests.approving import approve_all
from tests.papers import PDF
from tests.workflows.conftest import FACTS, SERVERS, Walk, certify, gathered
from workflows.cases.models import Case, CaseState
from workflows.engine.acts import acts_on, offers_for
from workflows.inspections import actions, queries
from workflows.inspections.models import Inspection
from workflows.inspections.models import InspectionState as S

SERVED = {"way": "direct", "served_on": "", "receiver": "张三", "receiver_role": "法定代表人", **SERVERS}


def offered(who: Any, inspection: Inspection) -> list[str]:
    return [offer.name for offer in offers_for("inspection", who, inspection, queries.file_of(inspection))]


def waits(who: Any, inspection: Inspection) -> bool:
    return any(item.kind == "inspection" and inspection.code in item.title for item in inbox_of(who).items)


def press(client: Any, who: Any, case: Case, act: str, **data: Any) -> Any:
    client.force_login(who)
    page = client.get(reverse("inspection", args=[case.code])) if case.inspections.exists() else None
    state = case.inspections.latest("pk").state if page else case.state
    name = "inspection-act" if page else "case-act"
    if "served_on" in data:
        approve_all(case)
    return client.post(reverse(name, args=[case.code, act]), {"at": state, **data})


def test_an_inspection_is_worked_through_from_its_page(
    make_case: Callable[..., Case], walk: Walk, client: Any, cast: Any
) -> None:
    case = walk.to(make_case(), CaseState.ESCALATED)
    certify(cast)
    day = today().isoformat()
    officers = {"officer_1": cast.zhou.pk, "officer_2": cast.he.pk, "why": "逾期未改正"}
    officers |= {"violation": "unregistered", "goes_on": "on"}
    assert press(client, cast.zhou, case, "inspect", **officers).status_code == 302
    served = SERVED | {"served_on": day}
    assert press(client, cast.qian, case, "file", remark="同意").status_code == 302
    assert press(client, cast.zhou, case, "order", violation="unregistered").status_code == 302
    scene = {"kind": "scene", "on": day, "place": "单位办公室", "text": "在岗12人未参保", "cards_shown": "on"}
    scan = SimpleUploadedFile("笔录.pdf", PDF)
    assert press(client, cast.zhou, case, "record", **scene, papers=scan).status_code == 302
    record = case.inspections.get().records.get()
    assert press(client, cast.he, case, "second", record=record.pk, read="on").status_code == 302
    assert press(client, cast.zhou, case, "serve-order", **served).status_code == 302
    walk.wait(case, "order.term")
    served = SERVED | {"served_on": today().isoformat()}
    weigh = {
        "facts": FACTS, "violation": "unregistered", "arrears": "20000", "source": "核定表1号", "since": day, "heads": "12",
        "corrected": "never", "first": "on",
    }  # fmt: skip
    assert press(client, cast.zhou, case, "notice", **(weigh | {"arrears": ""})).status_code == 422
    assert press(client, cast.zhou, case, "notice", **weigh).status_code == 302
    assert press(client, cast.zhou, case, "serve-notice", **served).status_code == 302
    assert press(client, cast.zhou, case, "statement", text="请求从轻").status_code == 302
    assert press(client, cast.zhou, case, "answer", text="已按下限").status_code == 302
    assert press(client, cast.zhou, case, "report", text="建议按下限处罚").status_code == 302
    report = case.inspections.get().records.get(kind="report")
    assert press(client, cast.he, case, "second", record=report.pk, read="on").status_code == 302
    walk.wait(case, "inspection.statement")
    served = SERVED | {"served_on": today().isoformat()}
    assert press(client, cast.shi, case, "review", opinion="程序合法").status_code == 302
    assert press(client, cast.qian, case, "decide", remark="同意").status_code == 302
    assert press(client, cast.zhou, case, "serve-decision", **served).status_code == 302
    page = client.get(reverse("inspection", args=[case.code])).content.decode()
    assert "请求从轻" in page and "已按下限" in page and "× 1.5 倍" in page
    paid = {"amount": "30000", "paid_on": today().isoformat(), "slip": "缴-1"}
    assert press(client, cast.zhou, case, "pay", **paid).status_code == 302
    one = case.inspections.get()
    assert (one.state, one.paid) == (S.PERFORMED, Decimal(30000))
    assert "劳动监察" in client.get(reverse("case", args=[case.code])).content.decode()


@pytest.mark.once
@pytest.mark.parametrize(
    ("state", "who", "acts"),
    [
        (S.FILING, "qian", {"file", "refuse", "recuse"}),
        (S.FILING, "zhou", set()),
        (S.INVESTIGATING, "zhou", {"order", "record"}),
        (S.INVESTIGATING, "qian", {"extend", "recuse", "withdraw", "transfer"}),
        (S.ORDERED, "zhou", {"record"}),
        (S.ORDER_EXPIRED, "zhou", {"notice", "record", "name-person"}),
        (S.NOTICED, "zhou", {"report", "statement", "name-person"}),
        (S.LEGAL_REVIEW, "shi", {"review", "return"}),
        (S.LEGAL_REVIEW, "fang", {"return"}),
        (S.LEGAL_REVIEW, "zhou", {"statement"}),
        (S.DECIDING, "qian", {"decide", "return", "recuse", "spare", "withdraw", "transfer"}),
        (S.DECIDED, "zhou", {"serve-decision", "name-person"}),
        (S.PERFORMING, "zhou", {"pay", "remedy", "name-person"}),
        (S.DEMANDED, "zhou", {"pay", "remedy"}),
        (S.COURT, "zhou", {"pay", "enforced", "remedy"}),
        (S.ENFORCED, "zhou", {"remedy"}),
    ],
)
def test_the_page_offers_lawful_acts_only(
    inspection_at: Callable[..., Inspection], cast: Any, state: str, who: str, acts: set[str]
) -> None:
    one = queries.inspection_at(cast.by.zhou, inspection_at(state).case.code)
    assert set(offered(getattr(cast.by, who), one)) == acts


@pytest.mark.parametrize("who", ["wang", "zheng", "chen", "han", "feng"])
def test_others_are_offered_nothing(inspection_at: Callable[..., Inspection], cast: Any, who: str) -> None:
    assert offered(getattr(cast.by, who), inspection_at(S.DECIDING)) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("state", "who"),
    [
        (S.FILING, "qian"), (S.INVESTIGATING, "zhou"), (S.ORDER_EXPIRED, "he"), (S.LEGAL_REVIEW, "shi"),
        (S.DECIDING, "qian"), (S.DECIDED, "zhou"), (S.DEMANDED, "zhou"),
    ],
)  # fmt: skip
def test_the_inbox_shows_what_only_this_person_can_do(
    inspection_at: Callable[..., Inspection], cast: Any, state: str, who: str
) -> None:
    one = inspection_at(state)
    assert waits(getattr(cast.by, who), one)
    for other in ("sun", "han", "zheng"):
        assert not waits(getattr(cast.by, other), one)


def test_a_record_that_the_other_has_to_sign_waits_in_the_inbox(
    inspection_at: Callable[..., Inspection], walk: Walk, cast: Any
) -> None:
    one = inspection_at(S.ORDERED)
    assert not waits(cast.by.he, one)
    record = actions.note_record(one, gathered(), by=cast.by.zhou)
    assert waits(cast.by.he, one) and not waits(cast.by.zhou, one)
    actions.second_record(one, record.pk, by=cast.by.he)
    assert not waits(cast.by.he, one)


def test_outside_the_territory_there_is_no_page(
    inspection_at: Callable[..., Inspection], client: Any, cast: Any
) -> None:
    one = inspection_at(S.FILING)
    client.force_login(cast.han)
    assert client.get(reverse("inspection", args=[one.case.code])).status_code == 404
    assert client.post(reverse("inspection-act", args=[one.case.code, "file"]), {}).status_code == 404


def test_every_act_says_what_follows() -> None:
    assert all(act.label and act.follows for act in acts_on("inspection").values())
