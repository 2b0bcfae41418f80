"""What no statement in SQL may do to the list, tried by hand on whichever database the tests run on."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from grid.calendar.now import now, today
from grid.calendar.rules import add_months
from grid.ledger.triggers import guards
from grid.scope import Role
from grid.subjects.models import SubjectKind
from grid.territory.models import Absence, Posting
from tests.approving import approved
from tests.cast import SINCE
from tests.workflows.conftest import Walk, noon
from workflows.announcements import triggers
from workflows.cases.models import Case, CaseState
from workflows.listing import rules
from workflows.listing.models import Ground, Listing
from workflows.listing.models.appeals import Objection
from workflows.notices.models import Notice, NoticeKind, Service
from workflows.remedies.models import Remedy
from workflows.sanctions.models import Sanction, SanctionOrder

Sets = Callable[..., None]


def run(sql: str, values: list[Any]) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    shown = [adapt(value) if hasattr(value, "hour") else value for value in values]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, shown)


def sets(listing: Listing, **columns: Any) -> None:
    """UPDATE by hand, past every model and action."""
    names = ", ".join(f'"{name}" = %s' for name in columns)
    run(f"UPDATE workflows_listing SET {names} WHERE id = %s", [*columns.values(), listing.pk])


def refused(says: str, act: Callable[[], None]) -> None:
    with pytest.raises(IntegrityError, match=says):
        act()


@pytest.fixture
def at(case_at: Callable[..., Case]) -> Callable[[str], Listing]:
    return lambda state: Listing.objects.get(case=case_at(state))


def decision(cast: Any) -> dict[str, Any]:
    return {"city_at": now(), "city_by_id": cast.ma.pk, "decided_on": today()}


def publication(listing: Listing) -> dict[str, Any]:
    assert listing.decided_on
    return {"published_at": now(), "ends_on": add_months(listing.decided_on, 12)}


def over(listing: Listing) -> datetime:
    """The day after the last one of the publication."""
    assert listing.ends_on
    return noon(listing.ends_on + timedelta(days=1))


def remedy(listing: Listing, cast: Any, **fields: Any) -> Remedy:
    values = {"case": listing.case, "target": "listing", "kind": "suit", "body": "法院", "filed_on": today()}
    return Remedy.objects.create(**(values | fields), noted_by=cast.zhou, noted_at=now())


def test_every_trigger_is_in_place(db: None) -> None:
    assert guards.differing(connection) == {}
    with transaction.atomic():
        triggers.remove(connection)
        assert len(guards.differing(connection)) == len(triggers.listing_guards(connection.vendor))
        triggers.install(connection)
    assert guards.differing(connection) == {}


def test_no_notice_that_was_not_served(at: Callable[[str], Listing], walk: Walk, cast: Any) -> None:
    listing = at(CaseState.LISTING_PROPOSED)
    refused("notice was served", lambda: sets(listing, noticed_on=today()))
    from workflows.listing import actions as listings

    notice = approved(listings.give_listing_notice(listing.case, by=cast.by.ma))
    refused("notice was served", lambda: sets(listing, noticed_on=today()))
    run("UPDATE workflows_notice SET withdrawn_at = %s WHERE id = %s", [now(), notice.pk])
    Service.objects.create(
        notice=notice, way="direct", served_on=today(), effective_on=today(), receiver="张三",
        recorded_by=cast.zhou, recorded_at=now(),
    )  # fmt: skip
    refused("notice was served", lambda: sets(listing, noticed_on=today()))
    run("UPDATE workflows_notice SET withdrawn_at = NULL WHERE id = %s", [notice.pk])
    refused("notice was served", lambda: sets(listing, noticed_on=today() - timedelta(days=1)))
    sets(listing, noticed_on=today())


def test_the_term_of_defence_cannot_be_cut_short(at: Callable[[str], Listing], cast: Any) -> None:
    listing = at(CaseState.DEFENCE)
    clock = listing.case.clocks.get(kind="listing.defence")
    refused("term of defence", lambda: sets(listing, defence_closed_on=today() + timedelta(days=1)))
    refused("term of defence", lambda: sets(listing, defence_closed_on=clock.due_on))
    run("UPDATE workflows_clock SET fired_at = %s WHERE id = %s", [now(), clock.pk])
    sets(listing, defence_closed_on=clock.due_on)
    early = {"reviewed_at": now(), "reviewed_by_id": cast.fang.pk}
    refused("within the term", lambda: sets(listing, **early))
    sets(listing, **(early | {"reviewed_at": now() + timedelta(days=30)}))


def test_no_decision_without_the_penalty_standing(at: Callable[[str], Listing], cast: Any) -> None:
    listing = at(CaseState.LISTING_CITY)
    case = listing.case
    for columns in ({"penalty": None}, {"healed_on": today()}, {"penalty": '{"number": "别的文号"}'}):
        ((name, value),) = columns.items()
        before = Case.objects.values_list(name, flat=True).get(pk=case.pk)
        run(f"UPDATE workflows_case SET {name} = %s WHERE id = %s", [value, case.pk])
        refused("penalty|conditions", lambda: sets(listing, **decision(cast)))
        Case.objects.filter(pk=case.pk).update(**{name: before})
    refused("whether a penalty", lambda: sets(listing, **decision(cast), needs_penalty=False))
    sets(listing, **decision(cast))


def test_no_decision_without_a_ground_that_fits_and_is_in_force(
    at: Callable[[str], Listing], cast: Any, grounds: dict[str, Ground]
) -> None:
    listing = at(CaseState.LISTING_CITY)

    def ground(says: str, **columns: Any) -> None:
        with transaction.atomic():
            Ground.objects.filter(pk=listing.ground_id).update(**columns)
            refused(says, lambda: sets(listing, **decision(cast)))
            transaction.set_rollback(True)

    ground("in force", valid_to=today() - timedelta(days=1))
    ground("in force", valid_from=today() + timedelta(days=1))
    ground("fits the subject", subject_kinds=[SubjectKind.RESIDENT])
    ground("allows listing", route="announce")
    refused("allows listing", lambda: sets(listing, **decision(cast), ground_id=grounds["17-1"].pk))
    sets(listing, **decision(cast))


# What an inspector may have written down, lawful and not; numbers as the form keeps them.
FOUND: tuple[dict[str, Any], ...] = (
    {}, {"persons": 20}, {"persons": "21"}, {"gain": "20000.00"}, {"gain": "2.0001E+4"}, {"gain": "很多"},
    {"persons": True}, {"amount": 10000, "refuses_to_return": True}, {"amount": "10000.01"}, {"amount": None},
    {"refuses_to_return": "true"}, {"able_to_pay": True, "refuses_to_repay": True, "amount": 20000},
    {"able_to_pay": True, "amount": 20000}, {"breaks_contract": True, "loss": 100001}, {"loss": 100001},
    {"leaks_records": True}, {"misuses_records": False}, {"citation": " "}, {"citation": "某条例第三条"}, {"unknown": 1},
)  # fmt: skip


@pytest.mark.parametrize("code", ["5-2", "5-3", "5-5", "5-6", "5-7", "5-8"])
def test_the_database_reads_a_ground_as_the_rules_do(
    at: Callable[[str], Listing], cast: Any, grounds: dict[str, Ground], code: str
) -> None:
    listing, ground = at(CaseState.LISTING_CITY), grounds[code]
    told = set()
    for found in FOUND:
        facts = rules.facts_on_file(listing.penalty_number, None, found)
        lawful = not rules.unmet(ground.conditions, facts)
        columns = {"ground_id": ground.pk, "needs_penalty": False, "circumstances": json.dumps(found)}
        with transaction.atomic():
            if lawful:
                sets(listing, **columns, **decision(cast))
            else:
                refused("conditions of the ground", lambda c=columns: sets(listing, **c, **decision(cast)))  # type: ignore[misc]
            transaction.set_rollback(True)
        told.add(lawful)
    assert told == {True, False}
    with transaction.atomic():
        Ground.objects.filter(pk=ground.pk).update(conditions=[])
        refused("conditions of the ground", lambda: sets(listing, **columns, **decision(cast)))
        transaction.set_rollback(True)


def test_only_the_posting_the_law_names_decides(
    at: Callable[[str], Listing], cast: Any, city: dict[str, Any]
) -> None:
    listing = at(CaseState.LISTING_CITY)

    def decided_by(person: Any) -> None:
        sets(listing, **(decision(cast) | {"city_by_id": person.pk}))

    for name in ("qian", "he", "zheng", "feng", "han"):
        refused("city decides", lambda name=name: decided_by(getattr(cast, name)))  # type: ignore[misc]
    refused("legal office", lambda: sets(listing, reviewed_by_id=cast.he.pk))
    refused("district decides", lambda: sets(listing, district_by_id=cast.han.pk))
    yesterday = today() - timedelta(days=1)
    with transaction.atomic():
        Posting.objects.filter(person=cast.ma).update(valid_to=yesterday)
        refused("city decides", lambda: decided_by(cast.ma))
        transaction.set_rollback(True)
    with transaction.atomic():
        days = {"first_day": today(), "last_day": today()}
        Absence.objects.create(posting=cast.post.ma, cover=cast.post.shi, **days)
        decided_by(cast.shi)
        transaction.set_rollback(True)
    Posting.objects.create(person=cast.zhou, role=Role.CITY, area=city["1503"], valid_from=SINCE)
    refused("proposed or reviewed", lambda: decided_by(cast.zhou))
    decided_by(cast.ma)


def test_between_decision_and_publication_nothing_is_exchanged(
    at: Callable[[str], Listing], cast: Any, grounds: dict[str, Ground]
) -> None:
    listing = at(CaseState.PUBLICATION)
    for columns in (
        {"facts": "别的事实"}, {"ground_id": grounds["5-2"].pk}, {"penalty_number": "别的文号"}, {"area": "150304"},
        {"circumstances": '{"persons": 1}'}, {"needs_penalty": False}, {"decided_on": today() - timedelta(days=9)},
    ):  # fmt: skip
        refused("stays as it was decided", lambda columns=columns: sets(listing, **columns))  # type: ignore[misc]


def test_nobody_is_taken_off_or_hidden_without_cause(at: Callable[[str], Listing], cast: Any) -> None:
    listing = at(CaseState.PUBLISHED)
    off = {"removed_at": now(), "removed_why": "信用修复"}
    refused("period is over, repaired or revoked", lambda: sets(listing, **off))
    refused("order to stay only", lambda: sets(listing, stayed_at=now(), stayed_why="停止执行"))
    running = remedy(listing, cast)
    refused("order to stay only", lambda: sets(listing, stayed_at=now()))
    answered = {"answered_by": cast.ma, "answered_at": now(), "answer": "不成立", "verdict": "rejected"}
    Objection.objects.create(
        listing=listing, text="不实", filed_on=today(), filed_by=cast.zhou, checked="已核", **answered
    )
    refused("period is over, repaired or revoked", lambda: sets(listing, **off))
    Remedy.objects.filter(pk=running.pk).update(stayed_on=today(), stay_number="停1号")
    sets(listing, stayed_at=now())
    ended = {"outcome": "quashed", "decided_on": today(), "effective_on": today(), "closed_by": cast.ma}
    Remedy.objects.filter(pk=running.pk).update(**ended)
    sets(listing, **off)


def test_no_decision_on_a_notice_taken_back(at: Callable[[str], Listing], cast: Any) -> None:
    listing = at(CaseState.LISTING_CITY)
    Notice.objects.filter(case=listing.case, kind=NoticeKind.LISTING_NOTICE).update(withdrawn_at=now())
    refused("notice was served", lambda: sets(listing, **decision(cast)))


def test_no_publication_before_its_service_counts(at: Callable[[str], Listing]) -> None:
    listing = at(CaseState.PUBLICATION)
    service = Service.objects.get(notice__case=listing.case, notice__kind=NoticeKind.LISTING_DECISION)
    later = today() + timedelta(days=30)
    Service.objects.filter(pk=service.pk).update(effective_on=later)
    refused("decision was served", lambda: sets(listing, **publication(listing)))
    refused("decision was served", lambda: sets(listing, **publication(listing), served_on=later))
    Service.objects.filter(pk=service.pk).update(effective_on=service.effective_on)
    Case.objects.filter(pk=listing.case_id).update(healed_on=today())
    refused("penalty", lambda: sets(listing, **publication(listing)))
    Case.objects.filter(pk=listing.case_id).update(healed_on=None)
    sets(listing, **publication(listing))


def test_a_published_entry_stays_as_it_was_decided(
    at: Callable[[str], Listing], cast: Any, grounds: dict[str, Ground]
) -> None:
    listing = at(CaseState.PUBLISHED)
    day, at_ = today() - timedelta(days=100), now() - timedelta(days=100)
    for columns in (
        {"facts": "别的事实"}, {"ground_id": grounds["5-2"].pk}, {"needs_penalty": False},
        {"penalty_number": "别的文号"}, {"ends_on": today() + timedelta(days=900)}, {"published_at": at_},
        {"published_at": None}, {"decided_on": day}, {"served_on": day}, {"noticed_on": day},
        {"defence_closed_on": day}, {"reviewed_at": at_}, {"district_by_id": cast.han.pk}, {"area": "150304"},
        {"circumstances": '{"persons": 1}'}, {"dropped_at": at_}, {"defence": "改写"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError):
            sets(listing, **columns)
            pytest.fail(str(columns))
    sets(listing, feed=99)


def test_what_left_the_list_never_comes_back(at: Callable[[str], Listing]) -> None:
    listing = at(CaseState.PUBLISHED)
    with pytest.raises(IntegrityError):
        sets(listing, removed_at=over(listing), removed_why="")
    sets(listing, removed_at=over(listing), removed_why="公示期满")
    for columns in ({"removed_at": None}, {"removed_why": "别的"}, {"removed_at": now()}):
        refused("never comes back", lambda columns=columns: sets(listing, **columns))  # type: ignore[misc]
    sets(listing, revoked_at=now(), revoked_why="判决撤销")
    refused("revoked listing", lambda: sets(listing, revoked_at=None))


def test_nothing_is_deleted_replaced_or_born_decided(at: Callable[[str], Listing]) -> None:
    listing = at(CaseState.PUBLISHED)
    refused("never deleted", lambda: run("DELETE FROM workflows_listing WHERE id = %s", [listing.pk]))
    names = [field.column for field in Listing._meta.concrete_fields]
    columns = ", ".join(f'"{name}"' for name in names)
    copied = f"SELECT {columns} FROM workflows_listing WHERE id = %s"
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(IntegrityError):
        run(f"{verb} INTO workflows_listing ({columns}) {copied}", [listing.pk])


def test_a_new_row_cannot_begin_behind_its_gates(at: Callable[[str], Listing]) -> None:
    at(CaseState.PUBLISHED)
    names = [field.column for field in Listing._meta.concrete_fields if field.column != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    # Which of several triggers answers first is the database's own choice.
    refused(
        "begins with its proposal|never replaced",
        lambda: run(f"INSERT INTO workflows_listing ({columns}) SELECT {columns} FROM workflows_listing", []),
    )


def test_a_measure_without_basis_is_ordered_by_no_statement(
    at: Callable[[str], Listing], cast: Any, measures: dict[str, Sanction]
) -> None:
    listing = at(CaseState.PUBLISHED)

    def order(sanction: Sanction, **fields: Any) -> SanctionOrder:
        values = {
            "listing": listing, "sanction": sanction, "department": "市财政局", "area": listing.area,
            "basis": sanction.basis, "ordered_by": cast.ma, "ordered_at": now(), "due_on": today(),
        }  # fmt: skip
        with transaction.atomic():
            return SanctionOrder.objects.create(**(values | fields))

    with pytest.raises(IntegrityError):
        order(measures["5"])
    with pytest.raises(IntegrityError, match="basis in force"):
        order(measures["5"], basis="自拟依据")
    for columns in (
        {"in_national_list": False},
        {"valid_to": today()},
        {"valid_from": today() + timedelta(days=1)},
    ):
        with transaction.atomic():
            Sanction.objects.filter(code="3").update(**columns)
            with pytest.raises(IntegrityError, match="basis in force"):
                order(measures["3"])
            transaction.set_rollback(True)
    made = order(measures["3"])
    with pytest.raises(IntegrityError, match="stays as it was given"), transaction.atomic():
        SanctionOrder.objects.filter(pk=made.pk).update(department="市税务局")
    refused("never deleted", lambda: run("DELETE FROM workflows_sanctionorder WHERE id = %s", [made.pk]))
    remedy(listing, cast, stayed_on=today(), stay_number="停1号")
    sets(listing, stayed_at=now())
    with pytest.raises(IntegrityError, match="published listing only"):
        order(measures["1"])
    sets(listing, stayed_at=None, removed_at=over(listing), removed_why="公示期满")
    with pytest.raises(IntegrityError, match="published listing only"):
        order(measures["1"])
