"""Keys change while everybody works: nothing is lost when it is killed, and it says when the old key may go."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grid import codes
from grid.codes import door_text, read_door_text
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import personal, record
from grid.ledger.models import Entry, SubjectKey
from grid.placing import problems as placing_problems
from grid.placing.adding.actions import Local, add_locals
from grid.registers.actions.intake import hashes_of_row, stands
from grid.registers.models import Delivery, Register, Row
from grid.rotation import actions
from grid.rotation import problems as rotation_problems
from grid.rotation.actions import blind, sealed
from grid.rotation.queries.fitting import misfits
from grid.rotation.verbs import RotationVerb
from grid.scope import machine
from grid.subjects.models import Subject, SubjectKind
from tests.cast import GRID_1
from workflows.reminders.actions.contacting import note_phone
from workflows.reminders.models import Phone
from workflows.reminders.verbs import ReminderVerb

OLD, NEW = "a" * 64, "b" * 64
BY = machine("tests")
NUMBER = "15000000012"
CITIZEN = "11010519491231002X"


def strange_keys() -> list[str]:
    return sorted({misfit.setting for misfit in misfits()})


def ran(name: str) -> str:
    out = StringIO()
    call_command("rotate_key", name, stdout=out)
    return out.getvalue()


@pytest.fixture
def held(cast: Any, make_employer: Any, settings: Any) -> Any:
    """Values of each sort under the old keys."""
    settings.PRIVACY_KEY = settings.BLIND_INDEX_KEY = OLD
    subject = make_employer()
    with transaction.atomic():
        record(
            ReminderVerb.PHONE_NOTED,
            Entered(subject.area, subject=subject.pk, personal={"phone": NUMBER}),
            by=BY,
        )
    note_phone(subject, NUMBER, "示例", "自报", by=cast.by.zhao)
    Authenticator.objects.create(user=cast.zhao, type="totp", data={"secret": encrypt("S3CRET")})
    add_locals([Local(SubjectKind.RESIDENT, "示例甲", CITIZEN, GRID_1)], area=GRID_1, by=cast.by.zhao)
    return subject


def facts_of(subject: Subject) -> Any:
    entry = Entry.objects.filter(subject=subject.pk, personal__isnull=False).earliest("pk")
    return personal.opened(bytes(entry.personal), subject.pk)


def both(settings: Any) -> None:
    settings.PRIVACY_KEY = settings.BLIND_INDEX_KEY = f"{NEW},{OLD}"


def readable(subject: Subject) -> None:
    assert facts_of(subject) == {"phone": NUMBER}
    assert Phone.objects.get().number == NUMBER
    assert decrypt(Authenticator.objects.get().data["secret"]) == "S3CRET"
    assert Subject.objects.get(kind=SubjectKind.RESIDENT).full_name == "示例甲"


def test_everything_encrypted_is_written_anew_and_then_the_old_key_may_go(
    held: Subject, settings: Any
) -> None:
    assert list(sealed.strange()) == []
    both(settings)
    readable(held)
    left = sealed.remaining()
    assert left >= 5
    said = ran("privacy")
    assert f"本次改写 {left} 处" in said and "可以从 PRIVACY_KEY 中去掉旧密钥" in said
    settings.PRIVACY_KEY = NEW
    readable(held)
    told = Entry.objects.filter(
        verb__in=[RotationVerb.KEY_ROTATION_BEGUN, RotationVerb.KEY_ROTATED]
    ).order_by("pk")
    assert [(entry.verb, entry.data["name"]) for entry in told] == [
        ("key.rotation_begun", "privacy"), ("key.rotated", "privacy")
    ]  # fmt: skip
    assert told[1].data["count"] == left
    with pytest.raises(CommandError, match="nothing-to-rotate"):
        ran("privacy")


def test_killed_after_any_slice_it_goes_on_where_it_was(
    held: Subject, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    both(settings)
    monkeypatch.setattr(sealed, "SLICE", 1)

    class Killed(BaseException):
        pass

    def killed(count: int) -> None:
        raise Killed

    left = sealed.remaining()
    while left:
        try:
            actions.rotate_privacy_key(by=BY, told=killed)
        except Killed:
            readable(held)
            assert sealed.remaining() == left - 1
        left = sealed.remaining()
    actions.rotate_privacy_key(by=BY)
    assert Entry.objects.filter(verb=RotationVerb.KEY_ROTATION_BEGUN).count() == 1
    assert Entry.objects.filter(verb=RotationVerb.KEY_ROTATED).count() == 1


def test_without_the_old_key_it_is_not_finished_and_says_so(held: Subject, settings: Any) -> None:
    settings.PRIVACY_KEY = f"{NEW},{'c' * 64}"
    assert "PRIVACY_KEY" in strange_keys()
    with pytest.raises(rotation_problems.RotationUnfinished) as refused:
        actions.rotate_privacy_key(by=BY)
    assert refused.value.facts["unreadable"] == refused.value.facts["count"] > 0
    both(settings)
    assert "PRIVACY_KEY" not in strange_keys()
    actions.rotate_privacy_key(by=BY)
    readable(held)


def test_a_key_of_personal_data_is_changed_by_nobody_else(held: Subject, settings: Any) -> None:
    for spoil in ("wrapped = wrapped", "subject = subject + 1"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE grid_subjectkey SET {spoil}")
    both(settings)
    actions.rotate_privacy_key(by=BY)
    with pytest.raises(DatabaseError), transaction.atomic():
        SubjectKey.objects.update(wrapped=b"x")


def test_who_and_what_is_found_while_the_index_changes_and_after(
    cast: Any, held: Subject, settings: Any
) -> None:
    both(settings)
    assert note_phone(held, NUMBER, "示例", "自报", by=cast.by.zhao) == Phone.objects.get()
    again = Local(SubjectKind.RESIDENT, "示例甲", CITIZEN, GRID_1)
    with pytest.raises(placing_problems.SubjectKnown):
        add_locals([again], area=GRID_1, by=cast.by.zhao)
    said = ran("blind")
    assert "有 1 名人员" in said and "必须留在" in said
    assert blind.newest_fits() and strange_keys() == []
    with pytest.raises(placing_problems.SubjectKnown):
        add_locals([again], area=GRID_1, by=cast.by.zhao)
    settings.BLIND_INDEX_KEY = NEW
    assert note_phone(held, NUMBER, "示例", "自报", by=cast.by.zhao) == Phone.objects.get()
    settings.BLIND_INDEX_KEY = "c" * 64
    assert strange_keys() == ["BLIND_INDEX_KEY"]


def test_an_unchanged_line_stays_unchanged_while_the_index_changes(held: Subject, settings: Any) -> None:
    day = date(2026, 3, 4)
    delivery = Delivery.objects.create(
        register=Register.MARKET, area=held.area, as_of=day, sha256="0" * 64, file_name="x", delivered_at="2026-03-04T00:00Z"
    )  # fmt: skip
    row = Row(
        register=Register.MARKET, subject=held, area=held.area, delivery=delivery, line=1, data={"name": "示例"}, since=day
    )  # fmt: skip
    row.hash = hashes_of_row(row)[0]
    row.save()
    both(settings)

    class Line:
        data, personal, hash = {"name": "示例"}, None, hashes_of_row(row)[0]

    assert row.hash != Line.hash and stands(row, Line, day)  # type: ignore[arg-type]
    actions.rotate_blind_key(by=BY)
    settings.BLIND_INDEX_KEY = NEW
    row.refresh_from_db()
    assert row.hash == Line.hash


def test_labels_on_doors_outlive_the_key_they_were_signed_with(cast: Any, settings: Any) -> None:
    label = door_text(codes.fresh_premise_code())
    settings.CODES_KEY, settings.CODES_KEY_FALLBACKS = "the new one", [settings.CODES_KEY]
    assert "CODES_KEY_FALLBACKS" in ran("codes")
    assert read_door_text(label)
    assert strange_keys() == []
    settings.CODES_KEY, settings.CODES_KEY_FALLBACKS = "mistyped", []
    assert strange_keys() == ["CODES_KEY"]
    with pytest.raises(CommandError, match="nothing-to-rotate"):
        ran("codes")


def test_two_keys_are_not_changed_at_once(held: Subject, settings: Any) -> None:
    settings.PRIVACY_KEY = f"{NEW},{'c' * 64}"
    with pytest.raises(rotation_problems.RotationUnfinished):
        actions.rotate_privacy_key(by=BY)
    settings.CODES_KEY_FALLBACKS = ["older"]
    with pytest.raises(rotation_problems.RotationOpen):
        actions.rotate_codes_key(by=BY)


def test_fingerprints_no_key_explains_are_counted_and_the_rotation_stays_open(
    held: Subject, settings: Any
) -> None:
    settings.BLIND_INDEX_KEY = f"{NEW},{'c' * 64}"
    with pytest.raises(rotation_problems.RotationUnfinished) as refused:
        actions.rotate_blind_key(by=BY)
    assert refused.value.facts["unreadable"] == refused.value.facts["count"] > 0
    assert not Entry.objects.filter(verb=RotationVerb.KEY_ROTATED).exists()


def test_while_a_process_still_writes_under_the_old_keys_nothing_is_finished(
    held: Subject, settings: Any
) -> None:
    phone = Phone.objects.get()

    def written(count: int) -> None:
        """By a process that was not restarted."""
        settings.PRIVACY_KEY = OLD
        Phone.objects.update(number=NUMBER, number_hash=phone.number_hash)
        both(settings)

    both(settings)
    for rotate in (actions.rotate_blind_key, actions.rotate_privacy_key):
        with pytest.raises(rotation_problems.RotationUnfinished):
            rotate(by=BY, told=written)
        rotate(by=BY)
    assert Entry.objects.filter(verb=RotationVerb.KEY_ROTATED).count() == 2
    readable(held)
