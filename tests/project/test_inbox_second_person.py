"""Whatever waits for a second person stands in the inbox of who may be it, and in nobody's who was the first."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from grid.calendar.now import now, today
from grid.law.actions import Typed, enter_version, review_version
from grid.law.models import Provision
from grid.offices import actions as offices
from grid.offices.models import Part
from grid.offices.rules import Entered
from grid.waiting import of_piles
from grid.watch.models import Alarm
from project.inbox import LIMIT, inbox_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = timedelta(days=1)

# Every rule of the tables that two persons are needed → the kind of line by which the second one hears of it.
HEARD = {
    "provision_reviewed_by_another": "law",
    "law_answer_confirmed_by_another": "answer",
    "body_confirmed_by_another": "office",
    "forgetting_two_persons": "forgetting",
    "delivery_decided_by_another": "delivery",
    "case_approved_by_two": "case",
    "listing_reviewed_by_another": "case",
    "listing_district_by_another": "case",
    "listing_city_by_another": "case",
    "announcement_answered_by_another": "announcement",
    "announcement_decided_by_another": "announcement",
    "scheme_frozen_by_two": "assessment",
    "audit_approved_by_another": "audit",
    "inspection_filed_by_another": "inspection",
    "inspection_reviewed_by_another": "inspection",
    "inspection_decided_by_another": "inspection",
    "inspection_record_by_two_officers": "inspection",
    "objection_answered_by_another": "objection",
    "repair_decided_by_another": "repair",
}
# Two persons at one moment: nobody waits for the second.
AT_ONCE = {
    "absence_cover_is_other", "audit_two_auditors", "inspection_two_officers", "look_by_two_officers",
    "recused_by_another",
}  # fmt: skip
NO_PERSONS = {"notice_replaces_another", "move_to_another"}
WORDS = ("another", "two", "second", "other")


def test_every_rule_of_two_persons_has_its_line_in_the_inbox() -> None:
    rules = {
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if set(constraint.name.split("_")) & set(WORDS)
    }
    assert rules == HEARD.keys() | AT_ONCE | NO_PERSONS, "say here how the second person hears of it"


def lines(viewer: Any, kind: str) -> list[tuple[str, str]]:
    return [(item.title, item.href) for item in inbox_of(viewer).items if item.kind == kind]


def court(name: str, area: str) -> Entered:
    return Entered(area, Part.COURT, {"name": name}, today() + DAY)


def test_offices_wait_in_one_pile_for_who_may_confirm_them(cast: Any, client: Any) -> None:
    rows = [
        offices.enter_body(court("示例区人民法院", "150302"), "更名", by=cast.by.fang),
        offices.enter_body(court("示例二区人民法院", "150304"), "更名", by=cast.by.fang),
    ]
    assert lines(cast.by.fang, "office") == []
    for who in (cast.by.wu, cast.by.ma):
        assert lines(who, "office") == [("2 个机关待第二人确认", "/offices/confirm/")]
    for who in (cast.by.qian, cast.by.zheng, cast.by.bai, cast.by.zhao):
        assert lines(who, "office") == []
    client.force_login(cast.wu)
    assert "/offices/confirm/" in client.get("/").content.decode()
    offices.confirm_bodies([row.pk for row in rows], "已核对", by=cast.by.wu)
    assert lines(cast.by.ma, "office") == []


def test_a_version_of_the_law_waits_for_another_who_reviews(cast: Any, client: Any) -> None:
    before = Provision.objects.filter(key="urging.days").first() or Provision.objects.order_by("key").first()
    typed = str(before.value) if not isinstance(before.value, str) else before.value
    assert lines(cast.by.fang, "law") == [], "what was shipped is no work of a day"
    version = Typed(typed, before.unit, "示例依据", today() + DAY)
    new = enter_version(before.key, version, "修订", by=cast.by.fang)
    assert lines(cast.by.fang, "law") == []
    assert lines(cast.by.wu, "law") == [("1 项参数待法制审核", f"/law/{before.key}/")]
    client.force_login(cast.wu)
    assert before.title in client.get("/law/?unreviewed=1").content.decode(), "one that is to come is found"
    review_version(new, "一致", by=cast.by.wu)
    assert lines(cast.by.wu, "law") == lines(cast.by.ma, "law") == []


def test_whatever_is_seldom_there_is_one_query(cast: Any, django_assert_num_queries: Any) -> None:
    alarm = Alarm.objects.create(key="k", kind="root", what="根哈希不符", found_at=now())
    offices.enter_body(court("示例区人民法院", "150302"), "更名", by=cast.by.fang)
    with django_assert_num_queries(2):  # and when the self-check ended last
        found = of_piles(cast.by.wu, LIMIT)
    assert [(item.kind, item.href) for item in found] == [
        ("alarm", f"/watch/{alarm.pk}/"),
        ("office", "/offices/confirm/"),
    ]
    assert found[0].since == today()
    with django_assert_num_queries(1):  # what follows from visits may wait for her
        assert of_piles(cast.by.zhao, LIMIT) == []
