"""The desk's pages about cases: what they show, to whom, and what their buttons do."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grid.calendar.now import now, today
from tests.approving import approve_all, approved
from tests.forward import go_to
from tests.papers import PDF
from tests.workflows.conftest import Walk, certify
from workflows.cases import actions, queries
from workflows.cases.models import Case, CaseState
from workflows.engine.acts import offers_for


def offered(case: Case, viewer: Any) -> list[str]:
    case = queries.case_at(viewer, case.code)
    return [offer.name for offer in offers_for("case", viewer, case, queries.file_of(case))]


@pytest.mark.once
def test_a_page_offers_lawful_acts_only(make_case: Callable[..., Case], walk: Walk, cast: Any) -> None:
    case, by = make_case(), cast.by
    seen = {
        "street_approval": (by.sun, ["approve", "return", "withdraw"]),
        "district_approval": (by.qian, ["approve", "return", "withdraw"]),
        "urging": (by.zhao, ["urge"]),
        "term": (by.zhao, []),
        "escalated": (by.zhou, ["inspect"]),
        "inspected": (by.zhou, []),
        "penalised": (by.zhou, ["prove"]),
        "listing_proposed": (by.ma, ["notice"]),
        "defence": (by.fang, ["defence"]),
        "listing_review": (by.fang, ["defence", "review", "return", "drop"]),
        "listing_district": (by.qian, ["decide-district", "return", "drop"]),
        "listing_city": (by.ma, ["defence", "decide-city", "return", "drop"]),
        "listing_service": (by.zhou, ["serve-decision"]),
        "publication": (by.ma, ["publish", "drop"]),
        "published": (by.ma, []),
    }
    for state, (viewer, names) in seen.items():
        walk.to(case, state)
        assert offered(case, viewer) == names, state
        assert offered(case, by.zheng) == []
    walk.to(case, CaseState.REMOVED)
    assert offered(case, by.ma) == offered(case, by.qian) == []


def test_nobody_is_offered_what_they_may_not_do_twice(case_at: Callable[..., Case], cast: Any) -> None:
    case = case_at(CaseState.LISTING_CITY)
    assert "decide-city" not in offered(case, cast.by.fang)  # he reviewed


def test_a_case_is_seen_within_its_territory_only(
    make_case: Callable[..., Case], client: Any, cast: Any
) -> None:
    address = f"/cases/{make_case().code}/"
    assert client.get(address).status_code == 302
    expected = {
        "zhao": 200,
        "sun": 200,
        "qian": 200,
        "zhou": 200,
        "wu": 200,
        "zheng": 200,
        "chen": 404,
        "han": 404,
    }
    for name, status in (expected | {"wang": 404, "feng": 404}).items():
        client.force_login(getattr(cast, name))
        assert client.get(address).status_code == status, name


def test_an_auditor_presses_no_button(make_case: Callable[..., Case], client: Any, cast: Any) -> None:
    case = make_case()
    client.force_login(cast.zheng)
    answer = client.post(f"/cases/{case.code}/approve/", {"at": case.state})
    assert answer.status_code == 403
    client.force_login(cast.chen)
    assert client.post(f"/cases/{case.code}/approve/", {"at": case.state}).status_code == 404


def test_the_whole_page_costs_few_queries(
    case_at: Callable[..., Case], client: Any, cast: Any, django_assert_max_num_queries: Any
) -> None:
    case = case_at(CaseState.PUBLISHED)
    client.force_login(cast.zheng)
    client.get("/cases/")
    # Five of them for what the listing stands on: only a case with a penalty asks them.
    with django_assert_max_num_queries(24):
        page = client.get(f"/cases/{case.code}/").content.decode()
    for shown in ("办理路径", "公示中", "立案", "待法制审核", "乌海勃人社督告"):
        assert shown in page


def test_the_path_is_walked_by_pressing_the_buttons(
    make_case: Callable[..., Case], client: Any, cast: Any, walk: Walk
) -> None:
    """Every act once through its form, as the person whose it is; terms by the clock."""
    case = make_case()
    service = {"way": "direct", "served_on": today().isoformat(), "receiver": "张三"}
    certify(cast)
    officers = {"officer_1": cast.zhou.pk, "officer_2": cast.he.pk, "why": "督促期满未改正"}
    officers |= {"violation": "unregistered", "goes_on": "on"}
    look = officers | {"place": "登记住所", "why": "在岗12人，参保0人"}
    steps: list[tuple[str, Any, dict[str, Any]]] = [
        ("approve", cast.sun, {"remark": "属实"}),
        ("return", cast.qian, {"why": "请核实人数", "fields_asked": ["employees"]}),
        ("correct", cast.zhao, {"remark": "已核实"}),
        ("approve", cast.qian, {}),
        ("urge", cast.zhao, {}),
        ("serve-urging", cast.zhao, service),
        ("inspect", cast.zhou, officers),
        ("look", cast.zhou, look),
        ("propose", cast.zhou, {"ground": walk.grounds["5-1"].pk, "facts": "处罚后仍未改正"}),
        ("notice", cast.ma, {}),
        ("serve-notice", cast.zhou, service),
        ("defence", cast.fang, {"text": "经营困难"}),
        ("answer", cast.fang, {"text": "不属法定免责事由"}),
        ("review", cast.fang, {"opinion": "合法"}),
        ("decide-district", cast.qian, {}),
        ("return", cast.ma, {"why": "请附决定书"}),
        ("mend", cast.zhou, {"facts": "处罚后仍未改正", "remark": "已附"}),
        ("decide-city", cast.ma, {}),
        ("serve-decision", cast.zhou, service),
        ("publish", cast.ma, {}),
    ]
    for name, person, given in steps:
        case.refresh_from_db()
        while case.state in ("term", "inspected") or (name == "review" and case.state == "defence"):
            getattr(walk, f"at_{case.state}")(case)
            case.refresh_from_db()
        if name == "look":
            go_to(case.inspections.get().due_on + timedelta(days=1))
            given = given | {"on": today().isoformat()}
        if "served_on" in given:
            given = given | {"served_on": today().isoformat()}
            approve_all(case)
        if name == "look":
            given = given | {"papers": SimpleUploadedFile("复查记录.pdf", PDF)}
        client.force_login(person)
        answer = client.post(f"/cases/{case.code}/{name}/", {"at": case.state} | given)
        assert answer.status_code == 302, (name, answer.content.decode()[:2000])
    case.refresh_from_db()
    assert case.state == CaseState.PUBLISHED


def test_a_form_that_lacks_something_comes_back_open(
    make_case: Callable[..., Case], client: Any, cast: Any
) -> None:
    case = make_case()
    client.force_login(cast.sun)
    answer = client.post(f"/cases/{case.code}/return/", {"at": case.state, "why": ""})
    assert answer.status_code == 422
    assert '<details id="act-return" open>' in answer.content.decode()


def test_a_page_overtaken_by_a_colleague_says_who_and_when(
    make_case: Callable[..., Case], walk: Walk, client: Any, cast: Any
) -> None:
    case = make_case()
    walk.to(case, CaseState.DISTRICT_APPROVAL)
    client.force_login(cast.sun)
    answer = client.post(f"/cases/{case.code}/approve/", {"at": "street_approval"})
    assert answer.status_code == 409
    assert "孙强" in answer.content.decode()


# --- lists ---------------------------------------------------------------------------------------


def test_a_page_from_before_a_return_does_not_decide_what_came_back(
    make_case: Callable[..., Case], client: Any, cast: Any
) -> None:
    case = make_case()
    client.force_login(cast.sun)
    page = client.get(f"/cases/{case.code}/").content.decode()
    field = re.search(r'<input type="hidden" name="shown" value="([\d.]+)"', page)
    assert field is not None
    stale = {"at": case.state, "shown": field[1]}
    actions.return_case(case, "请补充", [], by=cast.by.sun)
    actions.correct_case(case, None, "已补充", by=cast.by.zhao)
    answer = client.post(f"/cases/{case.code}/approve/", stale)
    assert answer.status_code == 409 and "孙强" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "street_approval"
    assert client.post(f"/cases/{case.code}/approve/", stale | {"shown": "1e300"}).status_code == 422
    fresh = stale | {"shown": str(now().timestamp())}
    assert client.post(f"/cases/{case.code}/approve/", fresh).status_code == 302


def test_the_list_filters_by_its_address(
    make_case: Callable[..., Case], walk: Walk, client: Any, cast: Any
) -> None:
    first, second, third = make_case(), make_case(), make_case()
    walk.to(second, CaseState.TERM)
    walk.to(third, CaseState.ESCALATED)
    client.force_login(cast.qian)

    def listed(query: str) -> set[str]:
        text = client.get(f"/cases/?{query}").content.decode()
        return {case.code for case in (first, second, third) if case.code in text}

    everything = {first.code, second.code, third.code}
    assert listed("") == everything
    assert listed("state=street_approval") == {first.code}
    assert listed("overdue=1") == {third.code} | ({second.code} & listed("overdue=1"))
    assert listed("area=150302001") == everything
    assert listed("area=150302002") == listed("area=x") == set()
    assert listed(f"q={second.code}") == {second.code}
    client.force_login(cast.han)
    assert listed("") == set()


def test_the_list_costs_the_same_for_one_case_and_many(
    make_case: Callable[..., Case], client: Any, cast: Any, django_assert_max_num_queries: Any
) -> None:
    for _n in range(5):
        make_case()
    client.force_login(cast.qian)
    client.get("/cases/")
    with django_assert_max_num_queries(7):
        client.get("/cases/")


def test_the_list_exports_what_it_shows(
    make_case: Callable[..., Case], make_employer: Callable[..., Any], client: Any, cast: Any
) -> None:
    case = make_case(make_employer("=HYPERLINK(1)有限公司"))
    client.force_login(cast.qian)
    answer = client.get("/cases/", {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff案号") and case.code in text
    assert "'=HYPERLINK" in text


# --- many at once --------------------------------------------------------------------------------


def test_ten_alike_are_decided_once_and_entered_ten_times(
    make_case: Callable[..., Case], walk: Walk, client: Any, cast: Any
) -> None:
    cases = [make_case() for _n in range(4)]
    walk.to(cases[3], CaseState.DISTRICT_APPROVAL)
    client.force_login(cast.sun)
    page = client.get("/cases/approvals/").content.decode()
    assert all(case.code in page for case in cases[:3]) and cases[3].code not in page
    given = {"at": "street_approval", "case": [case.code for case in cases], "remark": "同类同批"}
    answer = client.post("/cases/approvals/decide/", given, follow=True)
    text = answer.content.decode()
    assert "已同意 3 件" in text and cases[3].code in text
    from grid.ledger.models import Entry

    for case in cases:
        case.refresh_from_db()
        assert case.state == CaseState.DISTRICT_APPROVAL
        assert Entry.objects.filter(case=case.code, verb="case.approved").count() == 1


def test_a_list_from_before_a_return_decides_nothing_together(
    make_case: Callable[..., Case], client: Any, cast: Any
) -> None:
    case = make_case()
    client.force_login(cast.sun)
    page = client.get("/cases/approvals/").content.decode()
    field = re.search(r'name="shown" value="([\d.]+)"', page)
    assert field is not None
    actions.return_case(case, "请补充", [], by=cast.by.sun)
    actions.correct_case(case, None, "已补充", by=cast.by.zhao)
    given = {"at": "street_approval", "shown": field[1], "case": [case.code]}
    client.post("/cases/approvals/decide/", given)
    case.refresh_from_db()
    assert case.state == "street_approval"


def test_a_batch_reaches_no_foreign_case(make_case: Callable[..., Case], client: Any, cast: Any) -> None:
    case = make_case()
    client.force_login(cast.chen)
    client.post("/cases/approvals/decide/", {"at": "street_approval", "case": [case.code]})
    case.refresh_from_db()
    assert case.state == CaseState.STREET_APPROVAL


def test_an_unserved_document_offers_its_service(case_at: Callable[..., Case], cast: Any) -> None:
    from workflows.cases import actions

    case = case_at(CaseState.URGING)
    approved(actions.issue_notice(case, by=cast.by.zhao))
    assert offered(case, cast.by.zhao) == ["serve-urging", "send-urging"]


@pytest.mark.parametrize("name", ["nonsense", "heal"])
def test_an_unknown_act_is_not_there(
    make_case: Callable[..., Case], client: Any, cast: Any, name: str
) -> None:
    client.force_login(cast.sun)
    assert client.post(f"/cases/{make_case().code}/{name}/", {"at": "street_approval"}).status_code == 404
