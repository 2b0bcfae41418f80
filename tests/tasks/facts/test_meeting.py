"""Two people at one door, as the server takes their visits: field by field, in any order."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid import problems
from grid.ledger.models import Entry
from grid.scope import Role
from grid.territory.models import Posting
from grid.territory.queries import actor_of
from project.inbox import inbox_of
from tasks.facts import problems as facts_problems
from tasks.facts.actions import Choice, decide_fields
from tasks.facts.queries import at_door
from tasks.facts.queries.reading import decisions_for, versions_of
from tasks.facts.rules import contested, merge
from tasks.findings.actions import confirm_finding
from tasks.findings.models import Finding
from tasks.visits.models import Visit
from tests.cast import GRID_1
from tests.doors import IN_ORDER, SHORT, arrival, at, make_round, make_task, number, push
from workflows.cases.actions import approve_case, confirm_and_open
from workflows.cases.queries import to_approve

pytestmark = pytest.mark.django_db
SHOWN = {"employees": 12, "insured_seen": 12}


@pytest.fixture(autouse=True)
def same_grid(cast: Any) -> None:
    """li and liu work in wang's grid too."""
    for name in ("li", "liu"):
        posting = getattr(cast.post, name)
        posting.area_id = GRID_1
        posting.save()
        setattr(cast.by, name, actor_of(getattr(cast, name)))


@pytest.fixture
def task(cast: Any, make_employer: Any) -> Any:
    return make_task(make_round(cast.qian), make_employer(), cast.post.wang)


def says(cast: Any, name: str, task: Any, minute: int = 0, **fields: Any) -> Any:
    sent = arrival(task, recorded_at=at(minute), **fields)
    (answer,) = push(getattr(cast.post, name), getattr(cast.by, name), sent)
    return answer


def states() -> dict[str, str]:
    return dict(Finding.objects.order_by("pk").values_list("recorded_by__username", "state"))


def test_the_same_said_twice_leaves_nothing_to_decide(cast: Any, task: Any) -> None:
    says(cast, "wang", task, 1)
    answer = says(cast, "li", task, 2)
    assert answer.route != "clash" and states() == {"wang": "open", "li": "replaced"}
    (door,) = [at_door(cast.by.zhao, Visit.objects.get(code=answer.visit))]
    assert not door.contested


def test_what_only_one_changed_is_taken_and_reviewed_with_the_facts_of_both(cast: Any, task: Any) -> None:
    says(cast, "wang", task, 1, shown=SHOWN)
    answer = says(cast, "li", task, 2, answers=SHORT, shown=SHOWN)
    assert answer.route != "clash" and states() == {"wang": "replaced", "li": "open"}
    assert Finding.objects.get(state="open").measures[0]["measure"] == "抓漏保"


@pytest.mark.once
def test_whoever_confirms_late_does_not_undo_what_another_changed(cast: Any, task: Any) -> None:
    says(cast, "wang", task, 1, answers=SHORT, shown=SHOWN)
    answer = says(cast, "li", task, 2, shown=SHOWN)
    assert answer.route != "clash" and states() == {"wang": "open", "li": "replaced"}


def test_different_fields_of_two_people_are_put_together(cast: Any, task: Any) -> None:
    heads = {"operating": "yes", "employees": 12, "insured_seen": 3}
    says(cast, "wang", task, 1, answers={**heads, "lapsed": "yes"})
    says(
        cast,
        "li",
        task,
        2,
        answers={**heads, "wage_base": "below", "remark": "门口停着车"},
    )
    finding = Finding.objects.select_related("visit").get(state="open")
    assert finding.recorded_by == cast.li and finding.merged
    assert finding.seen.answers["employees"] == 12 and finding.seen.answers["remark"] == "门口停着车"
    assert set(finding.merged["sources"].values()) == {Visit.objects.get(person=cast.wang).code}
    found = {measure["about"]: measure["why"] for measure in finding.measures}
    assert "相差" in found["missed"] and "缴费基数" in found["base"]
    confirm_finding(finding, by=cast.by.zhao)


def test_nobody_reviews_what_rests_on_their_own_word(cast: Any, task: Any, client: Any) -> None:
    """Neither whose visit carries the facts, nor whose value holds in them; whoever only agreed may."""
    heads = {"operating": "yes", "employees": 12, "insured_seen": 3}
    says(cast, "liu", task, 1, answers=heads)
    says(cast, "wang", task, 2, answers={**heads, "lapsed": "yes"})
    says(cast, "li", task, 3, answers={**heads, "wage_base": "below"})
    finding = Finding.objects.select_related("visit").get(state="open")
    assert finding.recorded_by == cast.li and finding.merged and set(finding.merged["sources"]) == {"lapsed"}
    barred = {}
    for name in ("liu", "wang", "li", "zhao"):
        person = getattr(cast, name)
        post = Posting.objects.create(
            person=person, role=Role.COMMUNITY, area_id=GRID_1[:12], valid_from=cast.post.zhao.valid_from
        )
        client.force_login(person)
        page = client.get(f"/findings/{finding.pk}/").content.decode()
        listed = any(item.kind == "finding" for item in inbox_of(actor_of(person)).items)
        assert listed is ("act-confirm" in page) is ("须由另一位同事复核" not in page)
        barred[name] = not listed
        if barred[name]:
            answer = client.post(f"/findings/{finding.pk}/confirm/", {"remark": "属实"})
            assert answer.status_code == 409 and "同一人不能既登记又复核" in answer.content.decode()
        post.delete()
    assert barred == {"liu": False, "wang": True, "li": True, "zhao": False}
    assert states()["li"] == "open"


def test_nor_approves_the_case_that_follows(cast: Any, task: Any) -> None:
    heads = {"operating": "yes", "employees": 12, "insured_seen": 3}
    says(cast, "wang", task, 1, answers={**heads, "lapsed": "yes"})
    says(cast, "li", task, 2, answers={**heads, "wage_base": "below"})
    case = confirm_and_open(Finding.objects.select_related("visit").get(state="open"), by=cast.by.zhao)
    assert case and case.finding.merged and case.finding.recorded_by == cast.li
    since = cast.post.zhao.valid_from
    for person in (cast.wang, cast.li):
        Posting.objects.create(person=person, role=Role.STREET, area_id=GRID_1[:9], valid_from=since)
        assert not to_approve(actor_of(person), case.state)
        with pytest.raises(problems.SamePersonTwice):
            approve_case(case, by=actor_of(person))
    assert to_approve(cast.by.sun, case.state)
    approve_case(case, by=cast.by.sun)


def test_only_what_differs_goes_to_a_named_person(cast: Any, task: Any, client: Any) -> None:
    says(cast, "wang", task, 1, answers={**IN_ORDER, "lapsed": "yes"}, shown=SHOWN)
    answer = says(cast, "li", task, 2, answers={**SHORT, "employees": 20}, shown=SHOWN)
    visit = Visit.objects.get(code=answer.visit)
    assert answer.route == "clash" and states() == {"wang": "open", "li": "clashing"}
    door = at_door(cast.by.zhao, visit)
    assert {row.field for row in door.contested} == {"lapsed"}
    entry = Entry.objects.filter(verb="visit.recorded").latest("pk")
    assert entry.data["fields"] == ["lapsed"]
    client.force_login(cast.zhao)
    page = client.get(f"/visits/clashes/{visit.code}/").content.decode()
    assert "填写时所见：12" in page and "王建国" in page and "李秀英" in page
    with pytest.raises(facts_problems.FieldsUndecided):
        decide_fields(visit, [], by=cast.by.zhao)
    with pytest.raises(problems.ReasonMissing):
        decide_fields(visit, [Choice("lapsed", visit.code, " ")], by=cast.by.zhao)
    first = Visit.objects.get(person=cast.wang)
    decide_fields(visit, [Choice("lapsed", first.code, "看了缴费记录")], by=cast.by.zhao)
    finding = Finding.objects.select_related("visit").get(state="open")
    assert (finding.visit, finding.seen.answers["lapsed"], finding.seen.answers["employees"]) == (
        visit,
        "yes",
        20,
    )
    measures = {measure["measure"] for measure in finding.measures}
    assert measures == {"抓漏保", "抓续保"} and states() == {"wang": "replaced", "li": "open"}
    facts = merge(versions_of(Visit.objects.all()), decisions_for([task.pk])[task.pk])
    assert [str(line.why) for line in facts["lapsed"].lines] == ["holds", "decided"]
    assert Visit.objects.get(pk=visit.pk).answers["lapsed"] == "no"


def test_a_correction_that_agrees_ends_the_clash(cast: Any, task: Any) -> None:
    says(cast, "wang", task, 1)
    says(cast, "li", task, 2, answers=SHORT)
    says(cast, "wang", task, 3, answers=SHORT)
    found = list(Finding.objects.order_by("pk").values_list("recorded_by__username", "state"))
    assert found == [("wang", "replaced"), ("li", "replaced"), ("wang", "open")]


def test_one_s_own_correction_of_a_clash_takes_its_place(cast: Any, task: Any) -> None:
    says(cast, "wang", task, 1)
    says(cast, "li", task, 2, answers=SHORT)
    answer = says(cast, "li", task, 3)
    found = list(Finding.objects.order_by("pk").values_list("recorded_by__username", "state"))
    assert found == [("wang", "replaced"), ("li", "replaced"), ("li", "open")]
    assert answer.route != "clash"


def test_a_third_person_is_measured_against_what_stands(cast: Any, task: Any) -> None:
    says(cast, "wang", task, 1)
    says(cast, "li", task, 2, answers=SHORT)
    assert says(cast, "liu", task, 3).route != "clash"
    assert states() == {"wang": "open", "li": "clashing", "liu": "replaced"}
    third = says(cast, "liu", task, 4, answers=SHORT)
    assert third.route == "clash" and Finding.objects.filter(state="clashing").count() == 2
    first = Visit.objects.get(person=cast.wang)
    decide_fields(
        Visit.objects.get(code=third.visit), [Choice("insured_seen", first.code, "名册为准")], by=cast.by.zhao
    )
    assert not Finding.objects.filter(state="clashing").exists()
    assert Finding.objects.filter(state="open").get().visit == first


def test_after_the_review_a_change_is_reviewed_again_and_nothing_else(cast: Any, task: Any) -> None:
    says(cast, "wang", task, 1, shown=SHOWN)
    confirm_finding(Finding.objects.get(), by=cast.by.zhao)
    says(cast, "li", task, 2, shown=SHOWN)
    assert states() == {"wang": "confirmed", "li": "replaced"}
    says(cast, "li", task, 3, answers=SHORT, shown=SHOWN)
    assert Finding.objects.filter(state="open").count() == 1


SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
SAYING = st.tuples(
    st.sampled_from(["wang", "li"]),
    st.sampled_from([3, 9, 12]),
    st.sampled_from(["yes", "no"]),
    st.booleans(),
)


@pytest.mark.once
@SHARED
@given(said=st.lists(SAYING, min_size=2, max_size=5), data=st.data())
def test_the_facts_do_not_depend_on_the_order_of_arrival(ground: Any, said: Any, data: st.DataObject) -> None:
    cast, task = ground
    made = [
        (name, arrival(task, client_id=number(n + 1), recorded_at=at(n), shown=SHOWN if seen else {"wage_base": ""},
                       answers={**IN_ORDER, "insured_seen": insured, "lapsed": lapsed}))
        for n, (name, insured, lapsed, seen) in enumerate(said)
    ]  # fmt: skip
    straight = _facts(cast, task, made)
    assert _facts(cast, task, data.draw(st.permutations(made * 2))) == straight


def _facts(cast: Any, task: Any, sent: Any) -> Any:
    try:
        with transaction.atomic():
            for name, sent_visit in sent:
                push(getattr(cast.post, name), getattr(cast.by, name), sent_visit)
            facts = merge(versions_of(Visit.objects.select_related("replaces")))
            clashing = Finding.objects.filter(state="clashing").exists()
            open_ones = Finding.objects.filter(state="open").count()
            assert open_ones == 1 or (open_ones == 0 and clashing)
            assert clashing == bool(contested(facts))
            told = {
                name: [(line.key, line.value, line.why) for line in fact.lines]
                for name, fact in facts.items()
            }
            raise _Undo
    except _Undo:
        return told


class _Undo(Exception):
    pass


@pytest.fixture
def ground(cast: Any, make_employer: Any) -> Any:
    round = make_round(cast.qian, due_on=(at(0) + timedelta(days=9000)).date())
    return cast, make_task(round, make_employer(), cast.post.wang)


def test_a_door_nobody_met_costs_nothing_more(
    cast: Any, make_employer: Any, django_assert_max_num_queries: Any
) -> None:
    """As many statements as before there were facts; one more for a batch of doors where others were."""
    round = make_round(cast.qian)
    tasks = [make_task(round, make_employer(), cast.post.wang) for _ in range(10)]
    with django_assert_max_num_queries(16):
        push(cast.post.wang, cast.by.wang, *[arrival(task) for task in tasks])
    with django_assert_max_num_queries(17):
        push(cast.post.li, cast.by.li, *[arrival(task, answers=SHORT) for task in tasks])
    assert Finding.objects.filter(state="clashing").count() == 10
    facts = merge(versions_of(Visit.objects.filter(task=tasks[0])))
    assert contested(facts) == ["insured_seen"]
