"""To whom papers are addressed, what they ask, and of whom nothing may be demanded."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from grid.calendar.now import moved_to, today
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from grid.registers.models import Delivery, Row
from grid.subjects.models import Subject, SubjectKind
from grid.subjects.rules import match_name
from tasks.findings.models import Finding
from tasks.visits.states import FindingState
from tests.workflows.conftest import Walk, noon
from workflows.cases import actions
from workflows.cases import problems as cases_problems
from workflows.cases.actions.opening import Builder
from workflows.cases.models import Case, CaseState
from workflows.clocks.actions import fire_due_clocks
from workflows.notices import problems as notices_problems

pytestmark = pytest.mark.once
PROJECT = {"measure": "抓参保", "about": "project", "why": "项目已开工，未按项目参加工伤保险", "clause": "x"}
OWNER = {"measure": "抓入保", "about": "own_join", "why": "经营者未参加养老保险", "clause": "x"}
STAFF = {"measure": "抓漏保", "about": "injury", "why": "未参加工伤保险", "clause": "x"}
BOARD = {"project_insured": "no", "contractor": "示例建筑工程有限公司", "permit": "1503022026001"}


@pytest.fixture
def urging_of(make_finding: Callable[..., Finding], walk: Walk, cast: Any) -> Callable[..., Any]:
    """The letter a case about `subject` is urged by, after a visit that said `answers`."""

    def issue(subject: Subject, *measures: dict[str, str], answers: dict[str, Any] | None = None) -> Any:
        finding = make_finding(
            subject,
            measures=list(measures),
            state=FindingState.CONFIRMED,
            reviewed_by=cast.zhao,
            reviewed_at=noon(today()),
        )
        if answers is not None:
            finding.visit.answers, finding.visit.form_version = answers, "unknown"
            finding.visit.save()
        case = walk.to(actions.open_case(finding, by=cast.by.zhao), CaseState.URGING)
        return actions.issue_notice(case, by=cast.by.zhao)

    return issue


def site(make_employer: Callable[..., Subject]) -> Subject:
    return make_employer(
        name="安置房二期项目",
        kind=SubjectKind.CONSTRUCTION_SITE,
        credit_code=None,
        local_code="SL150302000041",
    )


def test_law_13_the_party_of_a_site_is_its_contractor(
    make_employer: Callable[..., Subject], urging_of: Callable[..., Any]
) -> None:
    builder = make_employer(name=BOARD["contractor"], match_name=match_name(str(BOARD["contractor"])))
    values = urging_of(site(make_employer), PROJECT, answers=BOARD).values
    party = values["letter"]["party"]
    assert (party["name"], party["code"]) == (builder.name, builder.credit_code)
    assert (party["project"], party["permit"]) == ("安置房二期项目", "1503022026001")
    assert "SL150302000041" not in json.dumps(values, ensure_ascii=False)
    assert values["asked"] == [
        "由施工总承包单位按工程项目为在场全部施工人员办理工伤保险参保，一次性缴纳工伤保险费，并落实人员实名登记。"
    ]
    assert [clause["law"] for clause in values["basis"]][:2] == ["中华人民共和国社会保险法", "工伤保险条例"]
    assert "第六十二条" in values["consequences"][0]


def test_law_13_a_contractor_no_register_knows_is_named_by_its_code(
    make_employer: Callable[..., Subject], urging_of: Callable[..., Any]
) -> None:
    said = BOARD | {"contractor_code": "91150302MA0NEXAMP5"}
    party = urging_of(site(make_employer), PROJECT, answers=said).values["letter"]["party"]
    assert (party["name"], party["code"]) == (BOARD["contractor"], "91150302MA0NEXAMP5")


def test_law_13_a_project_alone_is_no_party(
    make_employer: Callable[..., Subject], urging_of: Callable[..., Any]
) -> None:
    with pytest.raises(notices_problems.PartyUnknown):
        urging_of(site(make_employer), PROJECT, answers={"project_insured": "no"})


def test_law_13_what_the_visit_could_not_name_is_filled_in_at_the_desk(
    make_employer: Callable[..., Subject], make_case: Callable[..., Case], walk: Walk, cast: Any, client: Any
) -> None:
    case = make_case(site(make_employer))
    actions.return_case(case, "请查明总承包单位", [], by=cast.by.sun)
    case.refresh_from_db()
    client.force_login(cast.zhao)
    address = f"/cases/{case.code}/"
    assert "施工总承包单位全称" in client.get(address).content.decode()
    given = {
        "at": case.state, "remark": "住建局施工许可公开信息", "contractor": BOARD["contractor"],
        "contractor_code": "91150302MA0NEXAMP5", "permit": "150302202601",
    }  # fmt: skip
    assert client.post(f"{address}correct/", given | {"contractor_code": "9115"}).status_code == 422
    assert client.post(f"{address}correct/", given).status_code == 302
    entry = Entry.objects.get(verb="case.corrected")
    assert "示例建筑工程有限公司" in sentence_of(entry) and "住建局" in sentence_of(entry)
    letter = actions.issue_notice(walk.to(case, CaseState.URGING), by=cast.by.zhao)
    party = letter.values["letter"]["party"]
    assert (party["name"], party["code"], party["permit"]) == (
        BOARD["contractor"], "91150302MA0NEXAMP5", "150302202601",
    )  # fmt: skip


def test_law_13_only_a_site_has_a_contractor(
    make_case: Callable[..., Case], walk: Walk, cast: Any, client: Any
) -> None:
    case = make_case()
    actions.return_case(case, "请核实", [], by=cast.by.sun)
    with pytest.raises(cases_problems.NotASite):
        actions.correct_case(case, None, "已核实", Builder("某公司"), by=cast.by.zhao)
    client.force_login(cast.zhao)
    assert "施工总承包单位" not in client.get(f"/cases/{case.code}/").content.decode()


def test_law_31_the_representative_is_printed_from_the_registers(
    make_employer: Callable[..., Subject], urging_of: Callable[..., Any], cast: Any
) -> None:
    trader = make_employer(kind=SubjectKind.SOLE_TRADER_EMPLOYING)
    delivery = Delivery.objects.create(
        register="market", area="150302", as_of=today(), file_name="m.csv", delivered_by=cast.qian, delivered_at=noon(today()),
    )  # fmt: skip
    Row.objects.create(
        delivery=delivery, register="market", subject=trader, area=trader.area, line=2, sheet="", data={}, hash="0" * 64,
        since=today() - timedelta(days=9), personal=json.dumps({"representative": "李示例"}),
    )  # fmt: skip
    party = urging_of(trader, STAFF).values["letter"]["party"]
    assert (party["representative"], party["head"]) == ("李示例", "经营者")


def test_law_14_what_was_found_is_asked_for_and_nothing_besides(
    make_employer: Callable[..., Subject], urging_of: Callable[..., Any]
) -> None:
    values = urging_of(make_employer(), STAFF).values
    assert values["asked"] == ["为职工办理工伤保险参保登记。"]
    assert [(clause["law"], clause["article"]) for clause in values["basis"]] == [
        ("中华人民共和国社会保险法", "第三十三条")
    ]


def test_law_36_what_the_law_leaves_to_a_person_ends_with_its_term(
    make_employer: Callable[..., Subject], urging_of: Callable[..., Any], walk: Walk, cast: Any
) -> None:
    notice = urging_of(make_employer(kind=SubjectKind.SOLE_TRADER), OWNER)
    assert notice.values["is_voluntary"] and notice.values["consequences"] == []
    walk.serve(notice, cast.by.zhao)
    case = Case.objects.get(pk=notice.case_id)
    over: date = case.clocks.get(kind="urging.term").due_on + timedelta(days=1)
    with moved_to(noon(over)):
        fire_due_clocks()
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN and "自愿" in case.closed_why
