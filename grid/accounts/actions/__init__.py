"""Giving a one-time code, setting a password with it, taking a second factor away, ending sessions."""

import secrets
from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, password_validation
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import F, QuerySet

from grid import problems
from grid.accounts import problems as accounts_problems
from grid.accounts import rules, sessions
from grid.accounts.actions import tries
from grid.accounts.models import Reset
from grid.accounts.verbs import AccountVerb
from grid.calendar.now import now
from grid.hints import ACCESS, hint
from grid.ledger.actions import Line, record, record_many
from grid.ledger.verbs import Verb
from grid.privacy import blind_index, is_blind_index
from grid.scope import Actor, Right
from grid.territory import problems as territory_problems
from grid.territory.models import Person
from grid.territory.queries import (
    actor_of,
    home_of,
    managing_posts_of,
    may_post,
    refuse_unmanaged,
    require_manager,
    widest,
)

# --- by whoever manages the post ----------------------------------------------------------------------


@transaction.atomic
def give_code(person: Person, *, reason: str, by: Actor) -> str:
    """A one-time code with which `person`, and nobody else, sets a new password; former codes are worth nothing.

    The old password goes on until then: a code that was never asked for must not shut anybody out. Who never had a
    password gets a first code, which lasts as long as those of a list. Raises ReasonMissing, OwnReset, NotYourPost,
    NotHere.
    """
    person = _managed(person, reason, by)
    is_first = not person.has_usable_password()
    ((_row, code),) = _with_codes([person], Reset.What.FIRST if is_first else Reset.What.PASSWORD, reason, by)
    verb = AccountVerb.FIRST_CODE_GIVEN if is_first else AccountVerb.PASSWORD_CODE_GIVEN
    record(verb, Line(home_of(person), data=_facts(person) | {"reason": reason}), by=by)
    return code


@transaction.atomic
def give_first_codes(people: Collection[int], *, reason: str, by: Actor) -> list[tuple[Person, str]]:
    """For everybody of `people` who may sign in and never had a password: a code to set one with, good for
    `rules.FIRST_CODE_DAYS`. Codes given before are worth nothing. Who is not all `by`'s to look after is left out.
    Raises HasPassword, NotHere, GivenByOthers when nobody is left, TooManyPeople."""
    if len(people) > rules.MOST_CODES:
        raise accounts_problems.TooManyPeople(most=rules.MOST_CODES, n=len(people))
    rows = Person.objects.select_for_update().filter(pk__in=people, is_active=True).order_by("pk")
    new = [row for row in rows if not row.has_usable_password() and row.pk != by.person_id]
    if not new:
        raise accounts_problems.HasPassword()
    posts = managing_posts_of(new)
    # Who also holds a post of others is helped there; one of them does not keep the codes from all.
    mine = [row for row in new if by.machine or all(may_post(by, *post) for post in posts[row.pk])]
    if not mine:
        refuse_unmanaged(by, posts[new[0].pk])
    given = _with_codes(mine, Reset.What.FIRST, reason, by)
    told = (
        Line(widest(posts[row.person_id]), data=_facts(row.person) | {"reason": reason})
        for row, _code in given
    )
    record_many(AccountVerb.FIRST_CODE_GIVEN, told, by=by)
    return [(row.person, code) for row, code in given]


def _with_codes(people: list[Person], what: Reset.What, reason: str, by: Actor) -> list[tuple[Reset, str]]:
    """A new code for each; codes given before end."""
    at = now()
    lasts = rules.FIRST_CODE if what == Reset.What.FIRST else rules.RESET_CODE
    _open_codes(people, at).update(expires_at=at)
    rows = Reset.objects.bulk_create([_reset_row(person, what, reason, by, at) for person in people])
    codes = ["".join(secrets.choice(rules.CODE_ALPHABET) for _ in range(rules.CODE_LENGTH)) for _row in rows]
    for row, code in zip(rows, codes, strict=True):
        row.digest, row.expires_at = _digest(row, code), at + lasts
    Reset.objects.bulk_update(rows, ["digest", "expires_at"], batch_size=500)
    return list(zip(rows, codes, strict=True))


@transaction.atomic
def free_sign_in(person: Person, *, reason: str, by: Actor) -> None:
    """Wrong passwords no longer make the person wait. Raises NobodyWaits, ReasonMissing, OwnReset, NotHere."""
    person = _managed(person, reason, by)
    if not tries.wait_of(keys := tries.keys_of(person)):
        raise accounts_problems.NobodyWaits(name=person.full_name)
    for key in keys:
        tries.forget(key)
    record(AccountVerb.WAIT_ENDED, Line(home_of(person), data=_facts(person) | {"reason": reason}), by=by)


@transaction.atomic
def take_factor_away(person: Person, *, reason: str, by: Actor) -> None:
    """Somebody lost the telephone with the second factor: the next sign-in sets up another. Sessions end.

    Raises ReasonMissing, OwnReset, NoFactor, NotYourPost, NotHere.
    """
    person = _managed(person, reason, by)
    gone, _rows = Authenticator.objects.filter(user=person).delete()
    if not gone:
        raise accounts_problems.NoFactor(name=person.full_name)
    _reset_row(person, Reset.What.FACTOR, reason, by, now()).save()
    end_sessions(person)
    record(
        AccountVerb.FACTOR_TAKEN_AWAY, Line(home_of(person), data=_facts(person) | {"reason": reason}), by=by
    )


def _managed(person: Person, reason: str, by: Actor) -> Person:
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not reason.strip():
        raise problems.ReasonMissing(act=Right.POST.value)
    if by.person_id == person.pk:
        raise accounts_problems.OwnReset()
    require_manager(by, person)
    if not person.is_active:
        raise territory_problems.PersonUnknown(name=person.username)
    return person


def _reset_row(person: Person, what: Reset.What, reason: str, by: Actor, at: datetime) -> Reset:
    return Reset(person=person, what=what, by_id=by.person_id, reason=reason.strip()[:100], at=at)


def _facts(person: Person) -> dict[str, object]:
    return {"person": person.pk, "name": person.full_name}


def _open_codes(people: Collection[Person], at: datetime) -> QuerySet[Reset]:
    return Reset.objects.filter(
        person__in=people,
        what__in=(Reset.What.PASSWORD, Reset.What.FIRST),
        used_at=None,
        expires_at__gt=at,
        tries__lt=rules.CODE_TRIES,
    )


def _digest(row: Reset, code: str) -> str:
    """Keyed, so that a copy of the table gives no code away."""
    return blind_index(f"{row.pk} {code}", "reset code")


# --- by the person ------------------------------------------------------------------------------------


def set_password_by_code(username: str, typed: str, password: str) -> Person | None:
    """The new password stands, every session has ended; the second factor is asked for as before.

    None for a wrong, used or late code and for a name that does not exist, alike. The count of a wrong try must outlive
    the refusal, so this answers instead of raising. Raises ValidationError for a password too near the person's name.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(username=username.strip(), is_active=True).first()
        row = _open_codes([person], now()).select_for_update().first() if person else None
        if person is None or row is None:
            return None
        row.tries += 1
        row.save(update_fields=["tries"])
        if not is_blind_index(row.digest, f"{row.pk} {rules.code_typed(typed)}", "reset code"):
            return None
        password_validation.validate_password(password, person)
        row.used_at = now()
        row.save(update_fields=["used_at"])
        _set_password(person, password)
        tries.forget(tries.name_key(person.username))
        data = _facts(person) | {"given_by": row.given_by}
        record(AccountVerb.PASSWORD_SET_BY_CODE, Line(home_of(person), data=data), by=actor_of(person))
    return person


@transaction.atomic
def change_password(person: Person, password: str, *, session: SessionBase | None = None, by: Actor) -> None:
    """The person's own: what somebody else gave is no longer known to anybody. Other sessions end."""
    _set_password(person, password, keep=session)
    record(AccountVerb.PASSWORD_CHANGED, Line(home_of(person), data=_facts(person)), by=by)


def _set_password(person: Person, password: str, keep: SessionBase | None = None) -> None:
    person.set_password(password)
    person.password_given = False
    person.save(update_fields=["password", "password_given"])
    end_sessions(person, keep=keep)


@transaction.atomic
def end_other_sessions(person: Person, session: SessionBase, *, by: Actor) -> None:
    end_sessions(person, keep=session)
    record(AccountVerb.SESSIONS_ENDED, Line(home_of(person), data=_facts(person)), by=by)


@transaction.atomic
def end_session(person: Person, pk: int, *, by: Actor) -> None:
    """Raises NotHere for a session that is not the person's."""
    row = UserSession.objects.filter(user=person, pk=pk).first()
    if row is None:
        raise problems.NotHere()
    sessions.end([row.session_key])
    row.delete()
    hint(ACCESS, home_of(person))
    record(AccountVerb.SESSIONS_ENDED, Line(home_of(person), data=_facts(person)), by=by)


@transaction.atomic
def note_factor(person: Person, verb: Verb, kind: str, *, session: SessionBase, by: Actor) -> None:
    """A second factor came or went. Sessions elsewhere began under another door, and end."""
    end_sessions(person, keep=session)
    record(verb, Line(home_of(person), data=_facts(person) | {"kind": kind}), by=by)


def end_sessions(person: Person, keep: SessionBase | None = None) -> None:
    """Part of the acts above: every session of the person ends now, but the one to `keep`."""
    Person.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    person.refresh_from_db(fields=["sessions_ended"])
    rows = UserSession.objects.filter(user=person)
    if keep is not None:
        keep[HASH_SESSION_KEY] = person.get_session_auth_hash()
        keep.save()
        rows = rows.exclude(session_key=keep.session_key)
    sessions.end(rows.values_list("session_key", flat=True))
    rows.delete()
    hint(ACCESS, home_of(person))
