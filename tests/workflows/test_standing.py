"""Where a case stands, as its page says it first."""

from typing import Any

import pytest
from django.test import Client

from tests.workflows.audits.conftest import Auditing
from tests.workflows.conftest import Walk
from workflows.cases.models import Case, CaseState
from workflows.cases.queries import clocks_of
from workflows.engine.queries.standing import standings_of
from workflows.engine.signing.actions import binding as signing
from workflows.engine.signing.queries import in_the_way
from workflows.engine.signing.queries.matters import place_at, proceedings_of
from workflows.inspections.models import InspectionState

pytestmark = pytest.mark.django_db


def standings(case: Case) -> list[tuple[str, str, str, list[str]]]:
    case = Case.objects.get(pk=case.pk)
    found = standings_of(case, proceedings_of(case), clocks_of(case))
    return [
        (standing.room, str(standing.step), standing.who, [clock.kind for clock in standing.clocks])
        for standing in found
    ]


def test_a_step_names_who_takes_it_and_a_term_names_nobody(case_at: Any) -> None:
    assert standings(case_at(CaseState.STREET_APPROVAL)) == [("case", "街道审批", "街道主管", [])]
    assert standings(case_at(CaseState.TERM)) == [("case", "", "", ["urging.term"])]


def test_a_case_under_inspection_stands_where_the_inspection_stands(inspection_at: Any) -> None:
    (one,) = standings(inspection_at(InspectionState.NOTICED).case)
    assert one[:3] == ("inspection", "听取陈述申辩", "劳动监察员")
    assert one[3] == ["inspection.statement", "inspection.investigation", "inspection.outer"]


def test_after_the_decision_the_fine_and_the_list_stand_side_by_side(case_at: Any) -> None:
    rooms = [room for room, *_rest in standings(case_at(CaseState.PENALISED))]
    assert rooms == ["inspection", "case"]


def test_an_audit_stands_for_its_case(walk: Walk, make_case: Any) -> None:
    case = Auditing(walk).to(make_case(), "examining").case
    assert [room for room, *_rest in standings(case)] == ["audit"]


def test_what_has_ended_stands_nowhere(case_at: Any) -> None:
    assert standings(case_at(CaseState.REMOVED)) == []


def test_who_waits_for_a_colleague_reads_it_on_the_page_of_the_inspection(
    inspection_at: Any, client: Client, cast: Any
) -> None:
    inspection = inspection_at(InspectionState.LEGAL_REVIEW)
    assert in_the_way(cast.by.shi, inspection) == []
    place = place_at(inspection.case, "inspection")
    signing.hand_over_step(place, cast.fang.pk, "本周外出", by=cast.by.shi)
    client.force_login(cast.shi)
    page = client.get(f"/cases/{inspection.case.code}/inspection/").content.decode()
    assert "“法制审核”由方文办理。" in page
    assert in_the_way(cast.by.fang, inspection) == []


def test_a_refused_form_names_the_page_it_came_from(case_at: Any, client: Client, cast: Any) -> None:
    case = case_at(CaseState.STREET_APPROVAL)
    client.force_login(cast.zheng)
    act, page = f"/cases/{case.code}/approve/", f"http://testserver/cases/{case.code}/"
    refused = client.post(act, {"at": case.state}, headers={"referer": page}).content.decode()
    assert "回到刚才的页面" in refused and page in refused
    elsewhere = client.post(act, {"at": case.state}, headers={"referer": "http://example.org/"})
    assert "回到刚才的页面" not in elsewhere.content.decode()
