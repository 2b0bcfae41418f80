"""What may be handed in, at every station; and how often a code may be asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.audits.models import AuditState
from workflows.cases.models import ENDED, UNAPPROVED, CaseState
from workflows.clocks.terms import term_of
from workflows.counter import rules
from workflows.counter.models import Kind
from workflows.counter.rules import Standing, Term, content_hash, offer_of, offers, wait_minutes, wording
from workflows.inspections.models import InspectionState

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def term(kind: str, due: date) -> Term:
    declared = term_of(kind)
    return Term(kind, due - timedelta(days=15), due, "依据", True, declared.answered_by, declared.matter)


def kinds(standing: Standing, day: date = DAY) -> list[str]:
    return [offer.kind for offer in offers(standing, day)]


@pytest.mark.parametrize(
    ("standing", "offered"),
    [
        (Standing("street_approval"), []),
        (Standing("urging"), []),
        (Standing("term"), ["correction", "commitment"]),
        (Standing("audited", audit="examining"), ["correction", "commitment"]),
        (Standing("audited", audit="informed"), ["correction", "commitment", "statement"]),
        (Standing("inspected", inspection="investigating"), ["correction", "commitment"]),
        (Standing("inspected", inspection="noticed"), ["correction", "commitment", "statement"]),
        (
            Standing("inspected", inspection="noticed", hearing_owed=True),
            ["correction", "commitment", "statement", "hearing"],
        ),
        (Standing("inspected", inspection="hearing", hearing_owed=True), ["correction", "commitment", "statement"]),
        (Standing("inspected", inspection="decided", hearing_owed=True), ["correction", "commitment"]),
        (Standing("penalised"), ["correction"]),
        (Standing("defence"), ["correction", "statement"]),
        (Standing("listing_city"), ["correction", "statement"]),
        (Standing("listing_service"), ["correction"]),
        (Standing("published", is_published=True), ["correction", "objection"]),
        (Standing("published", is_published=True, repair_from=DAY), ["correction", "objection", "repair"]),
        (Standing("removed"), []),
    ],
)  # fmt: skip
def test_only_what_is_lawful_now_is_offered(standing, offered):
    assert kinds(standing) == offered


@given(
    st.sampled_from(CaseState.values), st.sampled_from(["", *InspectionState.values]),
    st.sampled_from(["", *AuditState.values]), st.booleans(), st.booleans(),
)  # fmt: skip
def test_every_state_has_an_answer_and_none_asks_twice(case, inspection, audit, owed, public):
    found = kinds(Standing(case, inspection, audit, hearing_owed=owed, is_published=public))
    assert len(found) == len(set(found)) and set(found) <= set(Kind.values)
    if case in {*ENDED, *UNAPPROVED} and not public and not inspection and not audit:
        assert found == []


def test_every_open_station_says_what_is_asked():
    for state in CaseState.values:
        assert str(wording.asked_now(state, state not in ENDED))
    for kind in Kind.values:
        assert all(table[kind] for table in (wording.ABOUT, wording.FOLLOWS, wording.LABELS))


def test_the_last_day_is_in_time_and_the_next_is_late():
    standing = Standing("defence", terms={"listing.defence": term("listing.defence", DAY)})
    assert offer_of("statement", standing, DAY).is_late is False
    assert offer_of("statement", standing, DAY + timedelta(days=1)).is_late is True


def test_the_latest_order_counts():
    terms = {
        name: term(name, due) for name, due in (("urging.term", DAY), ("order.term", DAY + timedelta(9)))
    }
    assert offer_of("correction", Standing("inspected", terms=terms), DAY).term.kind == "order.term"


def test_repair_waits_for_its_day():
    standing = Standing("published", is_published=True, repair_from=DAY + timedelta(days=1))
    assert [offer.not_before for offer in offers(standing, DAY) if offer.kind == "repair"] == [
        DAY + timedelta(days=1)
    ]
    assert offer_of("repair", standing, DAY) is None
    assert offer_of("repair", standing, DAY + timedelta(days=1)) is not None


def test_codes_have_a_limit_for_each_employer_and_each_address():
    assert wait_minutes([], [], AT) == 0
    asked = [AT - timedelta(minutes=n) for n in range(10, 10 + rules.PER_EMPLOYER)]
    assert wait_minutes(asked[:-1], [], AT) == 0
    assert wait_minutes(asked, [], AT) == 60 - 10 - rules.PER_EMPLOYER + 1
    assert wait_minutes([], asked * 4, AT) > 0
    assert wait_minutes([AT - timedelta(minutes=61)] * 50, [], AT) == 0


@given(st.lists(st.integers(0, 3600), max_size=30))
def test_after_the_wait_one_may_ask_again(seconds):
    asked = [AT - timedelta(seconds=n) for n in seconds]
    minutes = wait_minutes(asked, [], AT)
    assert 0 <= minutes <= 60
    assert wait_minutes(asked, [], AT + timedelta(minutes=minutes)) == 0


def test_the_same_thing_is_the_same_whatever_order_and_blanks():
    one = content_hash("correction", "已经 参保\n", ["b", "a"])
    assert one == content_hash("correction", " 已经\n参保", ["a", "b"])
    others = {
        content_hash("statement", "已经 参保", ["a", "b"]),
        content_hash("correction", "已参保", ["a", "b"]),
    }
    assert one not in others | {content_hash("correction", "已经 参保", ["a"])}
