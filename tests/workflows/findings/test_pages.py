"""The reviewer's pages: the visit beside the registers, and one decision by another person."""

from collections.abc import Callable
from typing import Any

from tasks.doors.models import TaskState
from tasks.findings.models import Finding, FindingState
from tasks.forms import tables
from workflows.cases.models import Case


def test_the_list_shows_what_waits_for_this_reviewer(
    make_finding: Callable[..., Finding], client: Any, cast: Any
) -> None:
    finding = make_finding()
    client.force_login(cast.zhao)
    assert finding.subject.name in client.get("/findings/").content.decode()
    assert finding.subject.name not in client.get("/findings/?state=confirmed").content.decode()
    client.force_login(cast.chen)
    assert finding.subject.name not in client.get("/findings/").content.decode()
    assert client.get(f"/findings/{finding.pk}/").status_code == 404


def test_confirming_opens_the_case(make_finding: Callable[..., Finding], client: Any, cast: Any) -> None:
    finding = make_finding()
    client.force_login(cast.zhao)
    page = client.get(f"/findings/{finding.pk}/").content.decode()
    assert "在岗 12 人" in page and "接下来：立案" in page
    answer = client.post(f"/findings/{finding.pk}/confirm/", {"remark": "属实"}, follow=True)
    assert Case.objects.get(finding=finding).code in answer.content.decode()
    again = client.post(f"/findings/{finding.pk}/confirm/", {})
    assert again.status_code == 409 and "赵敏" in again.content.decode()


def test_returning_reaches_the_phone(make_finding: Callable[..., Finding], client: Any, cast: Any) -> None:
    finding = make_finding()
    client.force_login(cast.zhao)
    given = {"question": "请数一下在岗人数", "fields_asked": ["employees"]}
    assert client.post(f"/findings/{finding.pk}/return/", given).status_code == 302
    finding.refresh_from_db()
    task = finding.visit.task
    assert task and finding.state == FindingState.RETURNED
    assert (task.state, task.question_fields) == (TaskState.RETURNED, ["employees"])


def test_rejecting_needs_its_reason(make_finding: Callable[..., Finding], client: Any, cast: Any) -> None:
    finding = make_finding()
    client.force_login(cast.zhao)
    assert client.post(f"/findings/{finding.pk}/reject/", {"remark": ""}).status_code == 422
    assert client.post(f"/findings/{finding.pk}/reject/", {"remark": "门牌有误"}).status_code == 302
    finding.refresh_from_db()
    assert finding.state == FindingState.REJECTED


def test_whoever_recorded_it_is_offered_nothing(
    make_finding: Callable[..., Finding], client: Any, cast: Any
) -> None:
    finding = make_finding(recorded_by=cast.zhao)
    client.force_login(cast.zhao)
    assert "须由另一位同事复核" in client.get(f"/findings/{finding.pk}/").content.decode()
    assert client.post(f"/findings/{finding.pk}/confirm/", {}).status_code == 409


def test_a_visit_on_an_unknown_form_says_so(
    make_finding: Callable[..., Finding], client: Any, cast: Any
) -> None:
    finding = make_finding()
    client.force_login(cast.zhao)
    assert "表单版本不明" in client.get(f"/findings/{finding.pk}/").content.decode()
    finding.visit.form_version = tables.current("employer").version
    finding.visit.save()
    assert "表单版本不明" not in client.get(f"/findings/{finding.pk}/").content.decode()


def test_a_list_of_people_is_read_in_words(
    make_finding: Callable[..., Finding], client: Any, cast: Any
) -> None:
    finding = make_finding()
    visit = finding.visit
    visit.form, visit.form_version = "resident", tables.current("resident").version
    visit.answers = {"wish": "yes", "adults": 1, "members": [{"relation": "spouse", "gap": "lapsed"}]}
    visit.save()
    client.force_login(cast.zhao)
    page = client.get(f"/findings/{finding.pk}/")
    assert page.status_code == 200 and "配偶" in page.content.decode()
