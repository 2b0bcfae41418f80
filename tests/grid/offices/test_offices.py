"""The offices of a city are rows of two persons: papers name who is in force on their day, or are refused."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from grid import problems
from grid.calendar.now import moved_to, now, today
from grid.ledger.models import Entry
from grid.ledger.verbs import sentence_of
from grid.offices import actions
from grid.offices import problems as offices_problems
from grid.offices.models import Body, Part
from grid.offices.queries import authority_over_time, case_prefix, office_at, offices_missing
from grid.offices.reading import lines_of
from grid.offices.rules import ALLOWED, ASKED, FIELDS, Entered, completed, flaws
from project.demo.land import OFFICES
from tests.concurrency.test_two_approvers import at_once

DAY = timedelta(days=1)
AREA = "150302"


def court(name: str = "示例区人民法院", area: str = AREA, since: date | None = None) -> Entered:
    return Entered(area, Part.COURT, {"name": name}, since or today())


def letters(word: str, area: str) -> Entered:
    return Entered(area, Part.CASES, {"word": word}, today())


def enter(new: Entered, cast: Any) -> Body:
    return actions.enter_body(new, "机构更名", by=cast.by.fang)


def kept(new: Entered, cast: Any) -> Body:
    body = enter(new, cast)
    actions.confirm_bodies([body.pk], "与三定方案一致", by=cast.by.wu)
    body.refresh_from_db()
    return body


def test_an_office_counts_once_another_has_confirmed_it(cast: Any) -> None:
    before = office_at(AREA, today()).court
    body = enter(court(since=today() + DAY), cast)
    assert office_at(AREA, today() + DAY).court == before
    actions.confirm_bodies([body.pk], "已核对", by=cast.by.wu)
    assert office_at(AREA, today()).court == before
    assert office_at(AREA + "001002001", today() + DAY).court == "示例区人民法院"
    told = [sentence_of(entry) for entry in Entry.objects.filter(verb__startswith="office.").order_by("pk")]
    assert len(told) == 2 and all("示例区人民法院" in line for line in told)


def test_nobody_confirms_what_they_entered(cast: Any) -> None:
    body = enter(court(since=today() + DAY), cast)
    with pytest.raises(problems.SamePersonTwice):
        actions.confirm_bodies([body.pk], "已核对", by=cast.by.fang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=body.pk).update(confirmed=True, confirmed_by=cast.fang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=body.pk).update(confirmed=True)


@pytest.mark.parametrize("who", ["qian", "wu", "wang", "han"])
def test_offices_are_entered_by_the_legal_office(cast: Any, who: str) -> None:
    with pytest.raises((problems.NotYourPost, problems.NotHere)):
        actions.enter_body(court(), "机构更名", by=getattr(cast.by, who))


def test_the_days_before_a_late_word_keep_their_office(cast: Any) -> None:
    """Entered for the first of the month, confirmed a week later: the papers of that week named the old one."""
    body = Body.objects.create(
        area=AREA, part=Part.COURT, name="示例区人民法院", valid_from=today() - 7 * DAY, entered_by=cast.fang
    )
    before = office_at(AREA, today()).court
    actions.confirm_bodies([body.pk], "已核对", by=cast.by.wu)
    assert office_at(AREA, today() - DAY).court == before
    assert office_at(AREA, today()).court == "示例区人民法院"


def test_what_is_in_force_is_not_replaced_in_the_past(cast: Any) -> None:
    with pytest.raises(offices_problems.OfficeInThePast):
        enter(court(since=today() - DAY), cast)
    Body.objects.filter(area=AREA, part=Part.COURT).delete()
    # Nobody stood there: the city is set up after the fact.
    assert kept(court(since=date(2020, 1, 1)), cast).valid_from == date(2020, 1, 1)


def test_a_row_between_two_ends_where_the_next_begins(cast: Any) -> None:
    kept(court("丙法院", since=today() + 20 * DAY), cast)
    between = kept(court("乙法院", since=today() + 10 * DAY), cast)
    assert between.valid_to == today() + 19 * DAY
    names = [office_at(AREA, today() + n * DAY).court for n in (9, 10, 19, 20)]
    assert names[1:] == ["乙法院", "乙法院", "丙法院"] and "海勃湾" in names[0]
    with pytest.raises(offices_problems.OfficeThere):
        enter(court("丁法院", since=today() + 10 * DAY), cast)


def test_a_missing_office_is_named_with_where_to_enter_it(cast: Any) -> None:
    actions.end_body(office_at(AREA, today()).need(Part.COURT), today(), "机构撤销", by=cast.by.fang)
    tomorrow = office_at(AREA, today() + DAY)
    with pytest.raises(offices_problems.OfficeMissing) as refused:
        tomorrow.court  # noqa: B018
    assert "海勃湾区" in refused.value.detail and "行政诉讼管辖法院" in refused.value.detail
    assert "法规 → 机关" in refused.value.advice
    assert tomorrow.authority and not tomorrow.name_of(Part.COURT)
    assert [
        (office.area, office.part, office.waits) for office in offices_missing("1503", today() + DAY)
    ] == [(AREA, Part.COURT, False)]
    enter(court(since=today() + DAY), cast)
    assert [office.waits for office in offices_missing("1503", today() + DAY)] == [True]


def test_a_city_with_nothing_lacks_everything(cast: Any, django_assert_num_queries: Any) -> None:
    Body.objects.all().delete()
    with django_assert_num_queries(2):
        lacking = offices_missing("1503", today())
    assert len(lacking) == 5 + 2 * 9 and {office.area for office in lacking} == {"1503", AREA, "150304"}
    assert case_prefix(AREA, today()) == AREA


def test_letters_of_one_district_are_never_those_of_another(cast: Any) -> None:
    with pytest.raises(offices_problems.OfficeWordTaken):
        enter(letters("WDQ", AREA), cast)
    kept(letters("HBX", AREA), cast)
    # HBW is no longer in use, and cases carry it for ever.
    with pytest.raises(offices_problems.OfficeWordTaken):
        enter(letters("HBW", "150304"), cast)
    assert enter(Entered(AREA, Part.CASES, {"word": "HBW"}, today() + DAY), cast).word == "HBW"
    assert case_prefix(AREA, today()) == "HBX"


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (court(area="150102"), offices_problems.OfficeAreaWrong),
        (court(area="150302001"), offices_problems.OfficeAreaWrong),
        (court(area="150309"), offices_problems.OfficeAreaWrong),
        (court(name=" "), offices_problems.OfficeFieldWrong),
        (court(name="院" * 61), offices_problems.OfficeFieldWrong),
        (Entered(AREA, "church", {"name": "教堂"}, date(2030, 1, 1)), offices_problems.OfficeFieldWrong),
        (Entered(AREA, Part.CASES, {"word": "hb"}, date(2030, 1, 1)), offices_problems.OfficeFieldWrong),
        (
            Entered(AREA, Part.COURT, {"name": "法院", "word": "法"}, date(2030, 1, 1)),
            offices_problems.OfficeFieldWrong,
        ),
    ],
)
def test_what_no_paper_could_name_is_not_taken(cast: Any, new: Entered, refusal: Any) -> None:
    with pytest.raises(refusal):
        enter(new, cast)


def test_only_what_nobody_confirmed_is_taken_back(cast: Any) -> None:
    body = enter(court(since=today() + DAY), cast)
    actions.withdraw_body(body, "写错了", by=cast.by.fang)
    assert not Body.objects.filter(pk=body.pk).exists()
    standing = office_at(AREA, today()).need(Part.COURT)
    with pytest.raises(offices_problems.OfficeConfirmedAlready):
        actions.withdraw_body(standing, "写错了", by=cast.by.fang)
    with pytest.raises(offices_problems.OfficeConfirmedAlready):
        actions.confirm_bodies([standing.pk], "再确认", by=cast.by.wu)
    with pytest.raises(offices_problems.OfficeInThePast):
        actions.end_body(standing, today() - DAY, "撤销", by=cast.by.fang)


# --- a file ----------------------------------------------------------------------------------------

HEAD = "区划,种类,全称,代字,地址,电话,印章,起\n"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "机关.csv"
    path.write_text(HEAD + "\n".join(lines), encoding="gb18030")
    return path


def test_a_file_is_entered_and_waits_for_a_person(cast: Any, tmp_path: Path) -> None:
    Body.objects.filter(area=AREA).delete()
    path = written(
        tmp_path,
        f"{AREA}000000,行政诉讼管辖法院,示例区人民法院,,,,,2026-01-01",
        f"{AREA},cases,,SLQ,,,,2026-01-01",
    )
    call_command("import_offices", str(path), verbosity=0)
    call_command("import_offices", str(path), verbosity=0)
    rows = Body.objects.filter(area=AREA)
    assert sorted(rows.values_list("name", "confirmed")) == [("SLQ", False), ("示例区人民法院", False)]
    assert Entry.objects.filter(verb="office.entered").count() == 2
    assert actions.confirm_bodies([row.pk for row in rows], "与名录一致", by=cast.by.fang) == 2
    assert (office_at(AREA, today()).court, case_prefix(AREA, today())) == ("示例区人民法院", "SLQ")


def test_a_file_with_wrong_lines_enters_nothing_and_names_them(cast: Any, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f"{AREA},court,新法院,,,,,2030-01-01",
        "440100,court,别处法院,,,,,2030-01-01",
        f"{AREA},cases,,WDQ,,,,2030-01-01",
    )
    with pytest.raises(offices_problems.OfficeFileWrong) as refused:
        actions.import_bodies(path.name, path.read_bytes(), by=cast.by.fang)
    assert "第 3 行" in refused.value.detail and "第 4 行" in refused.value.detail
    assert not Body.objects.filter(name="新法院").exists()
    with pytest.raises(CommandError, match="office-file-wrong"):
        call_command("import_offices", str(written(tmp_path, f"{AREA},court,新法院,,,,,明年")))


@pytest.mark.parametrize(
    "line",
    [f"{AREA},court,法院\x00,,,,,2026-01-01", f"{AREA},court,{'院' * 9000},,,,,2026-01-01", f'{AREA},court,"法院',
     f"{AREA},court,法院,,,,,1066-10-14", f"{AREA},court,法院,,,,,2026-02-30", f"{AREA},法庭,法院,,,,,2026-01-01"],
)  # fmt: skip
def test_strange_lines_are_refused_in_words(cast: Any, line: str) -> None:
    with pytest.raises(offices_problems.OfficeFileWrong):
        actions.import_bodies("机关.csv", (HEAD + line).encode(), by=cast.by.fang)
    with pytest.raises((offices_problems.OfficeFileWrong, problems.ColumnsMissing)):
        actions.import_bodies("机关.csv", line.encode("utf-16"), by=cast.by.fang)


def test_a_spreadsheets_days_are_read(cast: Any) -> None:
    Body.objects.filter(area=AREA, part=Part.COURT).delete()
    assert actions.import_bodies(
        "机关.csv", (HEAD + f"{AREA},court,法院,,,,,2026/1/5").encode(), by=cast.by.fang
    ) == (1, 0)
    assert Body.objects.get(area=AREA, part=Part.COURT).valid_from == date(2026, 1, 5)


def test_only_the_demo_has_offices_nobody_confirmed(cast: Any, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("import_offices", str(OFFICES), "--sample")


def test_the_offices_of_the_demo_are_whole(cast: Any) -> None:
    for _line, office in lines_of(OFFICES.name, OFFICES.read_bytes()):
        assert flaws(office.part, completed(office.fields)) == {}
    assert offices_missing("1503", today()) == []
    assert set(Body.objects.values_list("is_sample", flat=True)) == {True}
    assert authority_over_time("1503")(today()) == office_at("1503", today()).authority


# --- laws ------------------------------------------------------------------------------------------


@given(st.sampled_from(Part.values), st.dictionaries(st.sampled_from(list(FIELDS)), st.text(max_size=70)))
def test_what_passes_says_all_that_is_asked_and_nothing_else(part: str, typed: dict[str, str]) -> None:
    fields = completed(typed)
    if not flaws(part, fields):
        assert all(fields[name] for name in ASKED[part])
        assert all(name in ALLOWED[part] or not value for name, value in fields.items())


@pytest.mark.once
@pytest.mark.django_db
@given(days=st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True))
def test_each_day_has_one_office_whatever_the_order_of_confirming(days: list[int]) -> None:
    with transaction.atomic():
        Body.objects.filter(area=AREA, part=Part.COURT).delete()
        for n in days:
            body = Body(area=AREA, part=Part.COURT, name=str(n), valid_from=today() + n * DAY, is_sample=True)
            actions._take_place(body)
            body.confirmed = True
            body.save()
        rows = list(Body.objects.filter(area=AREA, part=Part.COURT))
        for n in range(32):
            day = today() + n * DAY
            there = [
                row for row in rows if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
            ]
            begun = [begin for begin in days if begin <= n]
            assert [row.name for row in there] == ([str(max(begun))] if begun else [])
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_districts_at_once_never_get_the_same_letters(cast: Any) -> None:
    outcomes = at_once(*[lambda area=area: enter(letters("XYZ", area), cast) for area in (AREA, "150304")])  # type: ignore[misc]
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Body", "OfficeWordTaken"]
    assert Body.objects.filter(word="XYZ").count() == 1


def test_what_is_not_there_or_has_no_reason_is_not_decided(cast: Any) -> None:
    with pytest.raises(problems.ReasonMissing):
        actions.enter_body(court(since=today() + DAY), " ", by=cast.by.fang)
    body = enter(court(since=today() + DAY), cast)
    for chosen in ([], [body.pk, 0]):
        with pytest.raises(problems.NotHere):
            actions.confirm_bodies(chosen, "已核对", by=cast.by.wu)
    with pytest.raises(offices_problems.OfficeUnconfirmed):
        actions.end_body(body, today() + 9 * DAY, "撤并", by=cast.by.fang)
    actions.withdraw_body(body, "录错", by=cast.by.fang)
    with pytest.raises(problems.NotHere):
        actions.end_body(body, today() + 9 * DAY, "撤并", by=cast.by.fang)


def test_an_office_that_has_an_end_is_not_ended_later(cast: Any) -> None:
    body = kept(court(since=today() + DAY), cast)
    actions.end_body(body, today() + 9 * DAY, "撤并", by=cast.by.fang)
    with pytest.raises(offices_problems.OfficeEnded):
        actions.end_body(body, today() + 10 * DAY, "撤并", by=cast.by.fang)
    assert (
        actions.end_body(body, today() + 5 * DAY, "提前撤并", by=cast.by.fang).valid_to == today() + 5 * DAY
    )


def test_of_two_that_would_begin_on_one_day_the_late_one_is_withdrawn(cast: Any) -> None:
    late = enter(court("甲法院"), cast)
    with moved_to(now() + DAY):
        enter(court("乙法院"), cast)
        with pytest.raises(offices_problems.OfficeThere):
            actions.confirm_bodies([late.pk], "已核对", by=cast.by.wu)
    late.refresh_from_db()
    assert not late.confirmed
