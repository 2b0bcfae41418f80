"""The legal office keeps the law's parameters: new versions, review, end; never the past."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grid import problems
from grid.calendar.now import today
from grid.law import actions
from grid.law import problems as law_problems
from grid.law.models import Provision
from grid.law.queries import sections_of, the_law
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from tests.concurrency.test_two_approvers import at_once

KEY, DAY = "urging.term", timedelta(days=1)


def enter(by: Any, **given: Any) -> Provision:
    key, why = given.pop("key", KEY), given.pop("why", "统一期限")
    said = {"value": "20", "unit": "日", "basis": "乌人社发〔2026〕5号", "valid_from": today() + 10 * DAY}
    return actions.enter_version(key, actions.Typed(**said | given), why, by=by)


def old() -> Provision:
    return Provision.objects.filter(key=KEY).earliest("valid_from")


def test_a_new_version_takes_the_place_of_the_old_from_its_day_on(cast: Any) -> None:
    new = enter(cast.by.fang)
    assert (new.value, new.reviewed, old().valid_to) == (20, False, new.valid_from - DAY)
    assert the_law(today())[KEY].value == 15
    assert the_law(new.valid_from)[KEY].value == 20
    entry = Entry.objects.get(verb="law.changed")
    assert (entry.role, entry.data["old"], entry.data["new"]) == ("legal", "15 日", "20 日")
    assert "统一期限" in sentence_of(entry)


def test_a_version_between_two_ends_where_the_next_begins(cast: Any) -> None:
    enter(cast.by.fang, valid_from=today() + 30 * DAY)
    between = enter(cast.by.fang, value="18", valid_from=today() + 10 * DAY)
    assert between.valid_to == today() + 29 * DAY
    assert [the_law(today() + n * DAY)[KEY].value for n in (9, 10, 29, 30)] == [15, 18, 18, 20]


def test_a_term_may_be_counted_otherwise(cast: Any) -> None:
    assert enter(cast.by.fang, unit="个工作日").unit == "个工作日"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"value": "0"}, law_problems.LawValueWrong),
        ({"value": "半个月"}, law_problems.LawValueWrong),
        ({"unit": "元"}, law_problems.LawUnitWrong),
        ({"basis": ""}, law_problems.BasisMissing),
        ({"why": " "}, problems.ReasonMissing),
        ({"valid_from": date(2026, 1, 1)}, law_problems.LawInThePast),
        ({"valid_from": date(2020, 5, 15)}, law_problems.LawInThePast),
        ({"key": "no.such"}, problems.NotHere),
    ],
)
def test_bad_versions_are_refused_and_change_nothing(cast: Any, given: Any, refusal: Any) -> None:
    before = list(Provision.objects.order_by("pk").values())
    with pytest.raises(refusal):
        enter(cast.by.fang, **given)
    assert list(Provision.objects.order_by("pk").values()) == before


def test_two_versions_cannot_begin_on_one_day(cast: Any) -> None:
    enter(cast.by.fang)
    with pytest.raises(law_problems.LawVersionThere):
        enter(cast.by.fang, value="30")


def test_the_city_office_reviews_but_does_not_change_the_law(cast: Any) -> None:
    for act in (
        lambda: enter(cast.by.wu),
        lambda: actions.end_version(old(), today(), "不再需要", by=cast.by.wu),
        lambda: actions.withdraw_version(old(), "录错", by=cast.by.wu),
    ):
        with pytest.raises(problems.NotYourPost):
            act()
    assert actions.review_version(enter(cast.by.fang), "经核定", by=cast.by.wu).reviewed


def test_whoever_enters_a_version_does_not_review_it(cast: Any) -> None:
    new = enter(cast.by.fang)
    with pytest.raises(problems.SamePersonTwice) as refused:
        actions.review_version(new, "经核定", by=cast.by.fang)
    new.refresh_from_db()
    assert refused.value.code == "four-eyes" and not new.reviewed
    reviewed = actions.review_version(new, "经核定", by=cast.by.ma)
    assert (reviewed.entered_by, reviewed.reviewed_by) == (cast.fang, cast.ma)
    assert Entry.objects.get(verb="law.reviewed").actor == cast.ma.pk


@pytest.mark.parametrize("reviewer", ["", "fang"])
def test_the_database_keeps_the_four_eyes(cast: Any, reviewer: str) -> None:
    new = enter(cast.by.fang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Provision.objects.filter(pk=new.pk).update(reviewed=True, reviewed_by=getattr(cast, reviewer, None))


def test_only_another_is_offered_the_review(cast: Any, client: Client) -> None:
    new = enter(cast.by.fang)
    address = f"/law/versions/{new.pk}/review/"
    client.force_login(cast.fang)
    page = client.get(f"/law/{KEY}/").content.decode()
    assert address not in page and "须由另一人审核" in page
    answer = client.post(address, {"why": "经核定"})
    assert answer.status_code == 409 and "同一人不能" in answer.content.decode()
    client.force_login(cast.wu)
    page = client.get(f"/law/{KEY}/").content.decode()
    assert address in page and f"/law/{KEY}/new/" not in page and f"/law/versions/{new.pk}/end/" not in page
    client.force_login(cast.zheng)
    assert address not in client.get(f"/law/{KEY}/").content.decode()


@pytest.mark.parametrize("who", ["zheng", "qian", "zhou", "sun", "zhao", "wang", "feng", "chen"])
def test_nobody_else_changes_the_law(cast: Any, who: str) -> None:
    by = getattr(cast.by, who)
    acts = [
        lambda: enter(by),
        lambda: actions.review_version(old(), "同意", by=by),
        lambda: actions.end_version(old(), today(), "不再需要", by=by),
        lambda: actions.withdraw_version(old(), "录错", by=by),
    ]
    for act in acts:
        with pytest.raises((problems.NotYourPost, problems.NotHere)):
            act()


def test_a_review_takes_the_mark_away_once(cast: Any) -> None:
    actions.review_version(old(), "经核定", by=cast.by.fang)
    assert old().reviewed and Entry.objects.filter(verb="law.reviewed").count() == 1
    with pytest.raises(law_problems.LawReviewedAlready):
        actions.review_version(old(), "经核定", by=cast.by.fang)


def test_what_the_system_cannot_do_without_is_not_ended(cast: Any) -> None:
    with pytest.raises(law_problems.LawNeeded):
        actions.end_version(old(), today(), "不再需要", by=cast.by.fang)


def test_a_local_limit_may_end_but_not_in_the_past(cast: Any) -> None:
    limit = Provision.objects.get(key="sla.urging")
    with pytest.raises(law_problems.LawInThePast):
        actions.end_version(limit, today() - DAY, "取消", by=cast.by.fang)
    actions.end_version(limit, today(), "取消", by=cast.by.fang)
    assert "sla.urging" in the_law(today()) and "sla.urging" not in the_law(today() + DAY)
    with pytest.raises(law_problems.LawEnded):
        actions.end_version(limit, today(), "取消", by=cast.by.fang)


def test_a_version_that_has_not_begun_is_taken_back_and_the_old_one_goes_on(cast: Any) -> None:
    new = enter(cast.by.fang)
    actions.withdraw_version(new, "录错", by=cast.by.fang)
    assert old().valid_to is None and the_law(today() + 60 * DAY)[KEY].value == 15
    assert Entry.objects.filter(verb="law.withdrawn").count() == 1
    with pytest.raises(law_problems.LawInThePast):
        actions.withdraw_version(old(), "录错", by=cast.by.fang)


def test_a_gap_in_the_law_is_a_refusal_with_its_code(law: None) -> None:
    with pytest.raises(law_problems.LawMissing) as refused:
        the_law(date(2010, 1, 1))[KEY]
    assert refused.value.code == "law-missing" and isinstance(refused.value, KeyError)
    assert the_law(date(2010, 1, 1)).get(KEY) is None


@pytest.mark.django_db(transaction=True)
def test_two_legal_officers_at_once_make_one_version_of_a_day(cast: Any) -> None:
    outcomes = at_once(*[lambda: enter(cast.by.fang)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LawVersionThere", "Provision"]
    assert Provision.objects.filter(key=KEY).count() == 2


# --- pages -------------------------------------------------------------------------------------


def test_the_list_shows_what_is_in_force_with_basis_and_mark(
    cast: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.zhou)
    with django_assert_max_num_queries(12):
        page = client.get("/law/").content.decode()
    assert "告知书整改期限" in page and "待法制审核" in page and "15 日" in page
    assert page.count("月缴费基数下限") == 1  # the version in force, not its history
    found = client.get("/law/?q=送达&unreviewed=1").content.decode()
    assert "告知书制发送达办理时限" in found and "月缴费基数下限" not in found


def test_a_parameter_that_is_yet_to_begin_or_over_is_still_found(cast: Any) -> None:
    limit = Provision.objects.get(key="sla.urging")
    limit.valid_to = today() - DAY
    limit.save()
    shown = {row.provision.key: row for section in sections_of(cast.by.fang) for row in section.rows}
    assert not shown["sla.urging"].is_now and shown[KEY].is_now


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("fang", "/law/", 200), ("wang", "/law/", 200), ("chen", "/law/urging.term/", 200),
        ("fang", "/law/no.such/", 404), ("zheng", "/law/urging.term/", 200), ("fang", "/law/urging.term/new/", 200),
        ("wu", "/law/urging.term/new/", 403), ("zheng", "/law/versions/{pk}/review/", 403),
        ("fang", "/law/versions/{pk}/review/", 200), ("fang", "/law/versions/{pk}/end/", 200),
        ("fang", "/law/versions/999999/end/", 404), ("chen", "/law/versions/{pk}/end/", 403),
    ],
)  # fmt: skip
def test_who_sees_the_pages(cast: Any, client: Client, who: str, path: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path.format(pk=old().pk)).status_code == status


def test_a_version_is_entered_reviewed_and_read_in_its_history(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    start = today() + DAY
    given = {
        "value": "20",
        "unit": "日",
        "basis": "乌人社发〔2026〕5号",
        "valid_from": start,
        "why": "统一期限",
    }
    page = client.post("/law/urging.term/new/", given, follow=True).content.decode()
    assert "已录入" in page and "由 15 日 改为 20 日" in page and "未生效" in page
    new = Provision.objects.get(key=KEY, valid_from=start)
    client.force_login(cast.wu)
    page = client.post(f"/law/versions/{new.pk}/review/", {"why": "经核定"}, follow=True).content.decode()
    assert "法制已审核" in page and "经核定" in page
    client.force_login(cast.fang)
    page = client.post(f"/law/versions/{new.pk}/end/", {"why": "推迟"}, follow=True).content.decode()
    assert "已撤回" in page and not Provision.objects.filter(pk=new.pk).exists()


def test_a_bad_value_comes_back_with_what_was_typed(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    given = {"value": "半个月", "unit": "日", "basis": "x", "valid_from": today() + DAY, "why": "统一期限"}
    answer = client.post("/law/urging.term/new/", given)
    assert (
        answer.status_code == 422
        and "不是数字" in answer.content.decode()
        and "半个月" in answer.content.decode()
    )


@pytest.mark.parametrize(
    "key", ["inspection.tiers", "dust.industries", "inspection.cap_late_fee", "base.floor"]
)
def test_every_kind_of_value_has_its_form_and_reads_back_unchanged(
    cast: Any, client: Client, key: str
) -> None:
    client.force_login(cast.fang)
    form = client.get(f"/law/{key}/new/").context["form"]
    like = the_law(today())[key]
    given = {name: form[name].initial for name in form.fields} | {"why": "照旧", "valid_from": today() + DAY}
    assert client.post(f"/law/{key}/new/", given).status_code == 302
    assert the_law(today() + DAY)[key].value == like.value


def test_who_reviews_or_ends_a_version_reads_it_on_the_same_page(cast: Any, client: Client) -> None:
    client.force_login(cast.fang)
    tiers = Provision.objects.get(key="inspection.tiers")
    for act in ("review", "end"):
        page = client.get(f"/law/versions/{tiers.pk}/{act}/").content.decode()
        assert tiers.basis in page and "从轻（84-1）：初次违法" in page
    page = client.get(f"/law/versions/{old().pk}/review/").content.decode()
    assert "<strong>15 日</strong>" in page and "待法制审核" in page


def test_a_version_that_was_taken_back_is_gone_for_everybody(cast: Any) -> None:
    new = enter(cast.by.fang)
    actions.withdraw_version(new, "录错", by=cast.by.fang)
    with pytest.raises(problems.NotHere):
        actions.review_version(new, "经核定", by=cast.by.wu)
    with pytest.raises(problems.NotHere):
        actions.withdraw_version(new, "录错", by=cast.by.fang)


def test_after_an_end_a_parameter_begins_anew_and_the_end_stays(cast: Any) -> None:
    Provision.objects.filter(pk=old().pk).update(valid_to=today() + 5 * DAY)
    new = enter(cast.by.fang)
    assert old().valid_to == today() + 5 * DAY and the_law(new.valid_from)[KEY].value == 20
    actions.withdraw_version(new, "录错", by=cast.by.fang)
    assert old().valid_to == today() + 5 * DAY
