"""The ledger is forged by hands that own the database: pages show what was sealed, the check says what differs, the
night finds it, and nobody closes the alarm alone."""

import logging
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from grid import problems
from grid.calendar.now import moved_to, now
from grid.ledger import triggers
from grid.ledger.actions import Line, record, sealer
from grid.ledger.models import Entry
from grid.ledger.triggers import guards
from grid.territory.models import Posting
from grid.watch import actions, queries
from grid.watch import problems as watch_problems
from grid.watch.models import Alarm, AlarmAnswer, CheckPlace, CheckRound, Part
from grid.watch.verbs import WatchVerb
from project.inbox import inbox_of
from tasks.comparison.verbs import ComparisonVerb
from workflows.cases.verbs import CaseVerb
from workflows.reminders.verbs import ReminderVerb

CASE = "HBW-2026-000001"


@pytest.fixture
def told(cast: Any, make_employer: Any) -> Any:
    employer = make_employer("示例洗煤有限公司")
    with transaction.atomic():
        record(ComparisonVerb.LEAD_FOUND, Line(employer.area, subject=employer.pk), by=cast.by.wu)
        record(CaseVerb.CASE_OPENED, Line(employer.area, subject=employer.pk, case=CASE), by=cast.by.zhao)
        record(CaseVerb.CASE_APPROVED, Line(employer.area, subject=employer.pk, case=CASE), by=cast.by.sun)
    sealer.seal_pending()
    return employer


@pytest.fixture
def forged(told: Any) -> Entry:
    """The trigger dropped, a name and a day put into the columns, and the trigger back in its place."""
    entry = Entry.objects.get(verb=CaseVerb.CASE_APPROVED)
    settle()
    triggers.remove(connection)
    Entry.objects.filter(pk=entry.pk).update(actor_name="张冒名", at=now() - timedelta(days=2000))
    triggers.install(connection)
    return entry


def settle() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def page_of(client: Any, address: str) -> str:
    return client.get(address).content.decode()


def test_the_story_shows_what_was_sealed_and_the_check_says_what_differs(
    cast: Any, forged: Entry, client: Any
) -> None:
    client.force_login(cast.zheng)
    story = page_of(client, f"/audit/cases/{CASE}/")
    assert "张冒名" not in story and "孙强" in story and "检索栏被改动" in story
    check = page_of(client, f"/audit/entries/{forged.pk}/check/")
    assert "✓" not in check and "核验不通过" in check
    assert "检索栏“姓名”被改成“张冒名”，封存原文是“孙强”" in check and "检索栏“时间”" in check
    honest = Entry.objects.get(verb=CaseVerb.CASE_OPENED)
    assert "✓ 核验通过" in page_of(client, f"/audit/entries/{honest.pk}/check/")


def test_an_entry_moved_out_of_its_case_leaves_a_gap_in_the_story(cast: Any, told: Any, client: Any) -> None:
    settle()
    triggers.remove(connection)
    Entry.objects.filter(verb=CaseVerb.CASE_APPROVED).update(case="HBW-2026-000099")
    client.force_login(cast.zheng)
    assert "本案缺少第 2 条台账" in page_of(client, f"/audit/cases/{CASE}/")


def test_the_night_finds_it_and_two_offices_close_it(
    cast: Any, forged: Entry, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        (alarm,) = actions.watch_ledger()
    assert "姓名" in alarm.what and "ledger alarm" in caplog.text
    assert Entry.objects.filter(verb=WatchVerb.ALARM_RAISED).count() == 1
    assert not actions.watch_ledger(), "the same finding is no second alarm"
    assert {round.part for round in CheckRound.objects.all()} == set(Part.values)
    for name in ("wu", "zheng"):
        assert any(item.kind == "alarm" for item in inbox_of(getattr(cast.by, name)).items), name
    assert not any(item.kind == "alarm" for item in inbox_of(cast.by.qian).items)
    with pytest.raises(problems.NotHere):
        actions.answer_alarm(alarm, "查过", by=cast.by.qian)
    with pytest.raises(problems.NotYourPost):
        actions.answer_alarm(alarm, "查过", by=cast.by.fang)
    with pytest.raises(problems.ReasonMissing):
        actions.answer_alarm(alarm, " ", by=cast.by.wu)
    client.force_login(cast.wu)
    assert client.post(f"/watch/{alarm.pk}/", {"reason": "备份核对，有人改库"}).status_code == 302
    assert not any(item.kind == "alarm" for item in inbox_of(cast.by.ma).items)
    for again in (cast.by.wu, cast.by.ma):
        with pytest.raises(watch_problems.AlarmAnswered):
            actions.answer_alarm(alarm, "我也同意", by=again)
    assert queries.open_keys(alarm.key)
    client.force_login(cast.zheng)
    assert "市扩面办已说明" in page_of(client, "/watch/")
    assert client.post(f"/watch/{alarm.pk}/", {"reason": "审计复核，已移交"}).status_code == 302
    assert not queries.open_keys(alarm.key)
    assert Entry.objects.filter(verb=WatchVerb.ALARM_ANSWERED).count() == 2
    assert "两个部门都已说明" in page_of(client, f"/watch/{alarm.pk}/")


def test_one_person_of_both_offices_or_two_of_one_department_do_not_close_it(
    cast: Any, forged: Entry
) -> None:
    from grid.territory.queries import actor_of

    (alarm,) = actions.watch_ledger()
    actions.answer_alarm(alarm, "查过", by=cast.by.wu)
    zheng = Posting.objects.get(person=cast.zheng)
    zheng.department = "市扩面办"
    zheng.save()
    with pytest.raises(watch_problems.AlarmAnswered):
        actions.answer_alarm(alarm, "同意", by=actor_of(cast.zheng))
    Posting.objects.filter(person=cast.wu).delete()
    zheng.pk, zheng.person, zheng.department = None, cast.wu, "市审计局"
    zheng.save()
    with pytest.raises(watch_problems.AlarmAnswered):
        actions.answer_alarm(alarm, "同意", by=actor_of(cast.wu))


def test_what_was_closed_is_news_only_when_it_had_gone_in_between(cast: Any, forged: Entry) -> None:
    (alarm,) = actions.watch_ledger()
    actions.answer_alarm(alarm, "查过", by=cast.by.wu)
    actions.answer_alarm(alarm, "查过", by=cast.by.zheng)
    tomorrow = now() + timedelta(days=1)
    with moved_to(tomorrow):
        sealer.seal_pending()
        assert not actions.watch_ledger()
    settle()
    triggers.remove(connection)
    Entry.objects.filter(pk=forged.pk).update(actor_name="孙强", at=forged.at)
    triggers.install(connection)
    with moved_to(tomorrow + timedelta(days=1)):
        assert not actions.watch_ledger()
    triggers.remove(connection)
    Entry.objects.filter(pk=forged.pk).update(actor_name="张冒名", at=now() - timedelta(days=2000))
    triggers.install(connection)
    with moved_to(tomorrow + timedelta(days=2)):
        assert [alarm.kind for alarm in actions.watch_ledger()] == ["columns"]


@pytest.mark.parametrize("table", ["grid_alarm", "grid_alarmanswer", "grid_checkround"])
def test_alarms_answers_and_rounds_stay_as_they_are(cast: Any, forged: Entry, table: str) -> None:
    (alarm,) = actions.watch_ledger()
    actions.answer_alarm(alarm, "查过", by=cast.by.wu)
    settle()
    assert Alarm.objects.count() and AlarmAnswer.objects.count() and CheckRound.objects.count()
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
        with (
            pytest.raises(DatabaseError, match="insert-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_command_says_it_in_words_and_by_its_exit_code(cast: Any, told: Any, tmp_path: Any) -> None:
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert "核对通过：3 条" in out.getvalue()
    settle()
    triggers.remove(connection)
    Entry.objects.filter(verb=CaseVerb.CASE_OPENED).update(role="city")
    known = tmp_path / "checkpoint.txt"
    known.write_text(checkpoint_of_another_tree())
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger", known=known, stdout=out)
    assert ended.value.code == 1
    for words in ("角色", "触发器", "不见了", "带来的封存点（3 条）已不在日志之内", "核对不通过"):
        assert words in out.getvalue()
    known.write_text("no note")
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger", known=known, stderr=StringIO())
    assert ended.value.code == 2


def checkpoint_of_another_tree() -> str:
    from grid.ledger import keys, notes

    return notes.sign(notes.Tree(keys.origin(), 3, b"z" * 32, now()), keys.signing_key())


def test_a_round_that_was_killed_goes_on_and_two_do_not_meet(cast: Any, told: Any) -> None:
    assert not actions.look_on(Part.FULL, 0.0)
    place = CheckPlace.objects.get(part=Part.FULL)
    assert place.started_at and not CheckRound.objects.filter(part=Part.FULL).exists()
    CheckPlace.objects.update(taken_until=now() + timedelta(minutes=1))
    assert not actions.look_on(Part.FULL, 60.0)
    assert not CheckRound.objects.filter(part=Part.FULL).exists()
    with moved_to(now() + timedelta(hours=1)):
        actions.look_on(Part.FULL, 60.0)
    assert CheckRound.objects.get(part=Part.FULL).checked == 3


def test_the_quick_questions_are_not_asked_twice_at_once(cast: Any) -> None:
    CheckPlace.objects.create(part=Part.QUICK, taken_until=now() + timedelta(minutes=1))
    assert actions.look_quickly() == [] and not CheckRound.objects.exists()


def test_a_ledger_that_was_rewritten_as_a_whole_does_not_bury_the_desk_in_alarms(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    settle()
    triggers.remove(connection)
    Entry.objects.update(actor_name="张冒名")
    triggers.install(connection)
    one, more = actions.look_on(Part.FULL, 60.0)
    assert (one.kind, more.kind) == ("columns", "more") and "超过 1 处" in more.what


# --- triggers and functions --------------------------------------------------------------------------

SQLITE_ATTACKS = {
    "dropped": ['DROP TRIGGER "grid_entry_no_update"'],
    "emptied": [
        'DROP TRIGGER "grid_entry_no_update"',
        'CREATE TRIGGER "grid_entry_no_update" BEFORE UPDATE ON "grid_entry" BEGIN SELECT 1; END',
    ],
    "gate of the list": ['DROP TRIGGER "workflows_listing_gate_notice"'],
    "one more": ['CREATE TRIGGER "x" BEFORE INSERT ON "grid_alarm" BEGIN SELECT RAISE(IGNORE); END'],
    "numbers": ['DROP TRIGGER "workflows_number_gate_forward"'],
}
POSTGRESQL_ATTACKS = {
    "dropped": ["DROP TRIGGER grid_entry_no_rows ON grid_entry"],
    "disabled": ["ALTER TABLE grid_entry DISABLE TRIGGER ALL"],
    "not always": ["ALTER TABLE grid_entry ENABLE TRIGGER grid_entry_no_rows"],
    "function emptied": [
        "CREATE OR REPLACE FUNCTION grid_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    ],
    "another function": [
        "CREATE FUNCTION harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "DROP TRIGGER grid_entry_no_rows ON grid_entry",
        "CREATE TRIGGER grid_entry_no_rows BEFORE UPDATE OR DELETE ON grid_entry FOR EACH STATEMENT "
        "EXECUTE FUNCTION harmless()",
        "ALTER TABLE grid_entry ENABLE ALWAYS TRIGGER grid_entry_no_rows",
    ],
    "narrowed": [
        "DROP TRIGGER grid_entry_no_rows ON grid_entry",
        "CREATE TRIGGER grid_entry_no_rows BEFORE UPDATE OF id OR DELETE ON grid_entry FOR EACH STATEMENT "
        "EXECUTE FUNCTION grid_ledger_refuse()",
        "ALTER TABLE grid_entry ENABLE ALWAYS TRIGGER grid_entry_no_rows",
    ],
    "gate of the list": [
        "CREATE OR REPLACE FUNCTION workflows_listing_gates() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    ],
    "one more": [
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER x BEFORE INSERT ON grid_alarm FOR EACH ROW EXECUTE FUNCTION nothing()",
    ],
    "rule": ["CREATE RULE silent AS ON INSERT TO grid_alarmanswer DO INSTEAD NOTHING"],
    "foreign keys": ["ALTER TABLE grid_alarmanswer DISABLE TRIGGER ALL"],
    "numbers": ["DROP TRIGGER workflows_number_gate_rows ON workflows_number"],
}


@pytest.mark.parametrize("attack", sorted({*SQLITE_ATTACKS, *POSTGRESQL_ATTACKS}))
def test_guards_that_are_not_as_they_were_made_are_found(told: Any, attack: str) -> None:
    attacks = POSTGRESQL_ATTACKS if connection.vendor == "postgresql" else SQLITE_ATTACKS
    if attack not in attacks:
        pytest.skip("there is no such thing on this engine")
    assert guards.differing(connection) == {}
    settle()
    with connection.cursor() as cursor:
        for statement in attacks[attack]:
            cursor.execute(statement)
    found = guards.differing(connection)
    assert found
    if attack != "one more":
        raised = actions.look_quickly()
        assert {alarm.kind for alarm in raised} == {"guard"} and len(raised) == len(found)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grid_casecounter SET count = 0",
        "DELETE FROM grid_casecounter",
        "DELETE FROM grid_subjectkey",
        "UPDATE grid_subjectkey SET subject = subject",
        "INSERT OR REPLACE INTO grid_casecounter (\"case\", count) VALUES ('HBW-2026-000001', 0)",
        "INSERT OR REPLACE INTO grid_subjectkey (subject, wrapped, made_at) SELECT subject, 'x', made_at FROM grid_subjectkey",
        "UPDATE grid_posting SET feed = -1",
    ],
)
def test_counters_and_keys_by_sql(told: Any, statement: str) -> None:
    with transaction.atomic():
        record(
            ReminderVerb.PHONE_NOTED,
            Line(told.area, subject=told.pk, personal={"phone": "1"}),
            by=actions.WATCHMAN,
        )
    if connection.vendor != "sqlite" and "REPLACE" in statement:
        pytest.skip("SQLite only")
    settle()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
