"""What stands between somebody signed in and their work, where they are signed in, and who may help them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from grid import problems
from grid.accounts import problems as accounts_problems
from grid.accounts import rules
from grid.accounts.models import Reset
from grid.accounts.verbs import AccountVerb
from grid.calendar.now import now, today
from grid.ledger.models import Entry
from grid.scope import RIGHTS, Actor, Held, Right, in_areas
from grid.territory.models import Person, Posting
from grid.territory.queries import SEEING, managing_posts, may_post, seen, valid_on
from grid.territory.verbs import TerritoryVerb

SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(person: Person) -> bool:
    """Recovery codes alone do not count: they are what is left of a second factor."""
    return bool(Authenticator.objects.filter(user=person, type__in=SECOND).exists())


def obstacle(person: Person) -> type[problems.Problem] | None:
    """What `person` must do before anything else at the desk. The one place that says so (decision 27)."""
    if person.password_given:
        return accounts_problems.PasswordToChange
    if not settings.DEMO and not has_second_factor(person):
        return accounts_problems.SecondFactorMissing
    return None


def managers_of(person: Person) -> list[Posting]:
    """Who may help this person to sign in, the nearest first: whoever gives every post that says who looks after them.

    Else the head of a district could come in as somebody of the city who also has a post there, and whoever is audited
    as the auditor.
    """
    posts = managing_posts(person)
    givers = [role for role, rights in RIGHTS.items() if {Right.POST, Right.POST_CONTROL} & rights]
    rows = Posting.objects.filter(valid_on(today()), role__in=givers, person__is_active=True)
    near = [row for row in rows.exclude(person=person).select_related("person", "area") if _gives(row, posts)]
    return sorted(near, key=lambda row: (-len(row.area_id), row.pk))


def _gives(manager: Posting, posts: list[tuple[str, str]]) -> bool:
    held = Held(manager.pk, manager.role, manager.area_id, manager.department)
    actor = Actor(manager.person_id, manager.person.full_name, (held,))
    return all(may_post(actor, role, area) for role, area in posts)


def resets_of(person: Person, recent: bool = False) -> QuerySet[Reset]:
    """`recent`: what the person is told of at each sign-in. Of a first code that was used there is nothing to tell: they
    used it themselves, or would not have come in."""
    rows = Reset.objects.filter(person=person).select_related("by")
    if not recent:
        return rows
    return rows.filter(at__gt=now() - rules.TOLD_FOR).exclude(what=Reset.What.FIRST)


# What the ledger tells of an account and its posts; signing in and out is not a matter for others.
TOLD: Final = [
    verb
    for verb in (*AccountVerb, *TerritoryVerb)
    if verb.value.startswith(
        ("person.", "posting.", "absence.", "password.", "factor.", "sessions.", "wait.")
    )
]
OWN: Final = [*TOLD, AccountVerb.SIGNED_IN, AccountVerb.SIGNED_OUT]


def account_history(viewer: Actor, person: Person, limit: int = 50) -> list[Entry]:
    """What the ledger says of an account and its posts, as far as the viewer reaches; of one's own all. The newest
    first."""
    rows = Entry.objects.filter(verb__in=TOLD, data__person=person.pk).select_related("leaf")
    if viewer.person_id != person.pk:
        rows = seen(rows, viewer, "area")
    return list(rows.order_by("-pk")[:limit])


def acts_of(viewer: Actor, limit: int = 30) -> list[Entry]:
    """What somebody did last, where they still reach: a former territory is closed also to who once worked in it. What
    concerns their own account stays."""
    rows = Entry.objects.filter(actor=viewer.person_id).select_related("leaf")
    near = in_areas({code for right in SEEING for code in viewer.areas(right)})
    return list(rows.filter(near | Q(verb__in=OWN, data__person=viewer.person_id)).order_by("-pk")[:limit])


def sessions_of(person: Person) -> list[UserSession]:
    """Where the person is signed in now, the last used first."""
    rows = list(UserSession.objects.filter(user=person).order_by("-last_seen_at"))
    alive = living(row.session_key for row in rows)
    return [row for row in rows if row.session_key in alive]


def living(keys: Iterable[str]) -> set[str]:
    """Of these session keys, those that have not ended."""
    rows = Session.objects.filter(expire_date__gt=datetime.now(UTC))
    return set(rows.filter(pk__in=list(keys)).values_list("pk", flat=True))


def second_factors_of(person: Person) -> dict[str, list[Authenticator]]:
    found: dict[str, list[Authenticator]] = {}
    for row in Authenticator.objects.filter(user=person).order_by("pk"):
        found.setdefault(row.type, []).append(row)
    return found
