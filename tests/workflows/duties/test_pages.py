"""The pages of duties, referrals and targets, each as somebody who may and somebody who may not."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grid.calendar.now import today
from tasks.findings.models import FindingState
from tests.papers import PDF
from workflows.duties import terms
from workflows.duties.models import Referral
from workflows.duties.targets import actions as targets
from workflows.duties.targets.models import Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client: Any, cast: Any, duties: Any) -> Any:
    def get(who: str, address: str, **form: Any) -> Any:
        client.force_login(getattr(duties, who, None) or getattr(cast, who))
        return client.post(address, form) if form else client.get(address)

    return get


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    content = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(content).decode()


def test_the_duties_page_says_who_owes_what_and_what_is_late(ask, send):
    send()
    Referral.objects.update(due_on=today().replace(year=2020), escalated_at=Referral.objects.get().sent_at)
    page = text(ask("qian", "/duties/"))
    assert "筛查纳税不缴费单位" in page
    assert "承接市扶贫办" in page
    assert "逾期未答复" in page
    assert "已报市扩面办" in page
    assert "待法制审核" in page
    assert ask("feng", "/duties/").status_code == ask("wang", "/duties/").status_code == 404


def test_targets_are_offered_where_they_reach(ask):
    assert "目标计划" in text(ask("sun", "/duties/"))
    assert "目标计划" not in text(ask("zhao", "/duties/"))


def test_the_liaison_reads_the_matter_and_not_the_case(ask, send, make_case, cast):
    case = make_case()
    sent = send(case=case, release=["name"], title="督促参保")
    page = text(ask("feng", f"/referrals/{sent.code}/"))
    assert case.subject.name in page
    assert case.code not in page
    assert case.subject.credit_code not in page
    listed = text(ask("feng", "/referrals/"))
    assert sent.code in listed
    assert "筛查纳税不缴费单位" in listed
    assert case.code in text(ask("qian", f"/referrals/{sent.code}/"))
    assert ask("feng", f"/cases/{case.code}/").status_code == 404
    for who in ("he", "han", "wang", "chen"):
        assert ask(who, f"/referrals/{sent.code}/").status_code == 404


def test_a_liaison_cannot_find_out_whom_it_is_about(ask, send, make_employer, cast):
    """What was not released is neither listed, nor exported, nor found by searching for it."""
    subject = make_employer("示例保密商贸有限公司")
    sent = send(subject=subject, release=[], title="核对情况")
    for address in ("/referrals/", f"/referrals/{sent.code}/", "/referrals/?export=csv"):
        assert "保密" in text(ask("qian", address))
        shown = text(ask("feng", address))
        assert sent.code in shown
        assert "保密" not in shown
    assert sent.code in text(ask("qian", "/referrals/?q=保密"))
    assert sent.code not in text(ask("feng", "/referrals/?q=保密"))


def test_answering_with_figures_and_a_file_that_only_the_two_sides_may_open(ask, send, client, cast):
    sent = send()
    file = SimpleUploadedFile("答复.pdf", PDF)
    answer = ask(
        "feng",
        f"/referrals/{sent.code}/answer/",
        at="sent",
        text="已核对 8 户",
        checked="8",
        insured="5",
        papers=file,
    )
    assert answer.status_code == 302
    page = text(ask("qian", f"/referrals/{sent.code}/"))
    assert "已核对 8 户" in page
    kept = sent.answers.get().files.get()
    got = ask("qian", f"/referrals/files/{kept.pk}/")
    assert b"".join(got.streaming_content) == PDF
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    for who in ("he", "han", "chen"):
        assert ask(who, f"/referrals/files/{kept.pk}/").status_code == 404
    assert ask("qian", "/referrals/files/999/").status_code == 404


def test_a_form_that_lacks_something_comes_back_with_what_it_had(ask, send):
    sent = send()
    answer = ask("feng", f"/referrals/{sent.code}/answer/", at="sent", text="", checked="8")
    assert answer.status_code == 422
    assert 'value="8"' in answer.content.decode()
    assert ask("feng", f"/referrals/{sent.code}/nothing/", at="sent").status_code == 404
    refused = ask("qian", f"/referrals/{sent.code}/answer/", at="sent", text="越俎代庖")
    assert refused.status_code == 403


def test_referring_from_a_finding_proposes_the_industry_authority(
    ask, duties, make_finding, make_employer, cast
):
    finding = make_finding(
        make_employer(industry="4710"), state=FindingState.CONFIRMED, reviewed_by=cast.zhao
    )
    address = f"/referrals/new/?finding={finding.pk}"
    page = text(ask("qian", address))
    assert "行业代码 4710 属于 47（建筑施工企业）" in page
    duty = duties.of("housing")[0]
    assert f'<option value="{duty.pk}" selected>' in page
    sent = ask("qian", address, duty=duty.pk, title="督促参保", question="请督促", release=["name", "found"])
    assert sent.status_code == 302
    row = Referral.objects.get()
    assert (row.department.code, row.finding, [label for label, _ in row.facts]) == (
        "housing", finding, ["名称", "核查发现"],
    )  # fmt: skip
    assert ask("han", address).status_code == 404
    assert ask("sun", address).status_code == 404
    assert ask("qian", "/referrals/new/?finding=999999").status_code == 404


def test_a_free_matter_and_whoever_may_not_refer(ask, duties):
    given = {"duty": duties.of("tax")[1].pk, "title": "核对名单", "question": "请核对", "area": "150302"}
    assert ask("qian", "/referrals/new/", **given).status_code == 302
    assert ask("qian", "/referrals/new/", **given | {"area": "150304"}).status_code == 422
    assert ask("sun", "/referrals/new/").status_code == 403
    assert ask("feng", "/referrals/new/").status_code == 403


def test_many_are_looked_at_before_they_are_sent(ask, duties, make_finding, make_employer, cast):
    for _ in range(3):
        make_finding(make_employer(industry="4710"), state=FindingState.CONFIRMED, reviewed_by=cast.zhao)
    given = {"duty": duties.of("housing")[0].pk, "area": "150302", "title": "督促参保", "question": "请督促"}
    looked = text(ask("qian", "/referrals/many/", **given, look=""))
    assert "将转给市住房和城乡建设局 3 件" in looked
    assert not Referral.objects.exists()
    sent = ask("qian", "/referrals/many/", **given, send="")
    assert sent["Location"].startswith("/referrals/?batch=")
    assert text(ask("qian", sent["Location"])).count("督促参保</td>") == 0
    assert Referral.objects.count() == 3
    assert ask("sun", "/referrals/many/").status_code == 403


def test_the_list_is_exported_as_it_is_limited(ask, send, cast):
    mine, far = send(title="=cmd"), send(by=cast.by.wu, area="150304")
    exported = text(ask("qian", "/referrals/?export=csv"))
    assert exported.startswith("\ufeff")
    assert mine.code in exported
    assert "'=cmd" in exported
    assert far.code not in exported


@pytest.mark.parametrize("who", ["qian", "feng"])
def test_lists_cost_the_same_however_long(client, cast, send, django_assert_max_num_queries, who):
    for _ in range(8):
        send()
    client.force_login(getattr(cast, who))
    client.get("/referrals/")
    with django_assert_max_num_queries(14):
        assert client.get("/referrals/").status_code == 200


# --- targets ----------------------------------------------------------------------------------------------


def test_the_city_plans_a_district_splits_and_a_street_sees_its_part(ask, cast):
    year = today().year
    assert "编制计划" in text(ask("wu", f"/targets/{year}/1503/"))
    made = ask("wu", "/targets/plans/new/?area=1503", year=year, **{"goal-new_units": 100, "goal-leads": ""})
    plan = Plan.objects.get()
    assert made["Location"] == f"/targets/plans/{plan.pk}/"
    assert plan.targets.count() == 3
    page = text(ask("wu", f"/targets/plans/{plan.pk}/"))
    assert 'name="amount-new_units-150302"' in page
    changed = {
        "amount-new_units-1503": 100, "amount-new_units-150302": 70, "amount-new_units-150304": 20, "gap-new_units": "",
    }  # fmt: skip
    assert ask("wu", f"/targets/plans/{plan.pk}/change/", **changed).status_code == 302
    refused = ask("wu", f"/targets/plans/{plan.pk}/check/", go="1")
    assert refused.status_code == 409
    assert "相差 -10" in refused.content.decode()
    ask("wu", f"/targets/plans/{plan.pk}/change/", **changed | {"amount-new_units-150304": 30})
    assert ask("wu", f"/targets/plans/{plan.pk}/check/", go="1").status_code == 302
    assert ask("wu", f"/targets/plans/{plan.pk}/issue/", go="1").status_code == 302
    assert "分解到下级" in text(ask("qian", f"/targets/{year}/150302/"))
    assert ask("qian", f"/targets/plans/new/?area=150302&year={year}", year=year).status_code == 302
    own = Plan.objects.get(area="150302")
    ask("qian", f"/targets/plans/{own.pk}/check/", go="1")
    ask("qian", f"/targets/plans/{own.pk}/issue/", go="1")
    street = text(ask("sun", f"/targets/{year}/150302001/"))
    assert "<b>0</b> / 70" in " ".join(street.split())
    assert ask("sun", "/targets/")["Location"] == f"/targets/{year}/150302001/"


def test_targets_outside_are_not_there_and_inside_without_the_right_refused(ask, cast):
    from workflows.duties.actions.loading import load_shipped_duties

    load_shipped_duties()
    year = today().year
    plan = targets.draft_plan(year, "1503", {"new_units": 10}, by=cast.by.wu)
    for who, address in (
        ("qian", f"/targets/{year}/150304/"), ("sun", f"/targets/{year}/150302/"), ("feng", "/targets/"),
        ("wang", "/targets/"), ("qian", f"/targets/plans/{plan.pk}/"), ("qian", "/targets/plans/new/?area=1503"),
        ("qian", "/targets/plans/new/"), ("wu", f"/targets/{year}/9999/"), ("feng", f"/targets/{year}/1503/"),
    ):  # fmt: skip
        assert ask(who, address).status_code == 404, (who, address)
    assert ask("sun", "/targets/plans/new/?area=150302001").status_code == 403
    assert ask("zheng", f"/targets/plans/{plan.pk}/check/", go="1").status_code == 403
    assert ask("zheng", f"/targets/plans/{plan.pk}/").status_code == 200


def test_the_export_holds_what_the_page_shows_and_no_more(ask, cast):
    from workflows.duties.actions.loading import load_shipped_duties

    load_shipped_duties()
    year = today().year
    plan = targets.draft_plan(year, "1503", {"new_units": 10}, by=cast.by.wu)
    targets.check_plan(plan, by=cast.by.wu)
    targets.issue_plan(plan, by=cast.by.wu)
    exported = text(ask("qian", f"/targets/{year}/150302/?export=csv"))
    assert "海勃湾区" in exported
    assert "乌达区" not in exported
    assert "乌达区" in text(ask("wu", f"/targets/{year}/1503/?export=csv"))
    assert ask("sun", f"/targets/{year}/150302/?export=csv").status_code == 404


def test_revising_asks_for_a_reason_and_lists_the_versions(ask, cast):
    from workflows.duties.actions.loading import load_shipped_duties

    load_shipped_duties()
    year = today().year
    plan = targets.draft_plan(year, "1503", {"new_units": 10}, by=cast.by.wu)
    targets.check_plan(plan, by=cast.by.wu)
    targets.issue_plan(plan, by=cast.by.wu)
    assert ask("wu", f"/targets/plans/{plan.pk}/revise/", why="").status_code == 422
    assert ask("wu", f"/targets/plans/{plan.pk}/revise/", why="自治区追加任务").status_code == 302
    page = text(ask("wu", f"/targets/{year}/1503/"))
    assert "第 2 版" in page
    assert "自治区追加任务" in page
    assert "自治区追加任务" not in text(ask("qian", f"/targets/{year}/150302/"))
    assert terms.watch_terms() == 0
