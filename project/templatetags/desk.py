"""Small words for templates; available everywhere without loading."""

import time
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, ChoiceField
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grid.calendar.now import today
from grid.calendar.queries import workdays
from grid.calendar.rules import Workdays, late_words
from grid.hints import TOPICS
from grid.ledger.verbs import EntryFacts, sentence_of
from grid.operations.models import Operation
from grid.operations.queries import running
from grid.recut.actions import RECUT
from grid.recut.changes.models import ChangeKind
from grid.recut.changes.queries import kinds_at
from grid.scope import Actor, Right, Role
from grid.territory.models import Area
from grid.territory.queries import names_of
from workflows.clocks.terms import name_of
from workflows.notices.letters import issued_by

register = template.Library()
STREET = 9  # digits of a street's code
KEPT_SECONDS = 60.0  # what pages may show late


@register.filter
def may(actor: Actor, right: str) -> bool:
    """Whether some posting grants the right named, wherever: for offering a link, never for an act."""
    return actor.has(Right[right])


@register.filter
def being_recut(actor: Actor, area: str) -> list[Operation]:
    """What is cutting this area in the background."""
    return [operation for operation in running(actor, RECUT) if operation.area == area]


@register.filter
def changes_offered(actor: Actor, area: Area) -> list[ChangeKind]:
    """The changes of divisions somebody may draft of an area."""
    return kinds_at(actor, area)


@register.filter
def has_targets(actor: Actor) -> bool:
    """Whether targets reach down to where somebody is posted: a street at the lowest."""
    return any(len(code) <= STREET for code in actor.areas(Right.SEE_CASES))


@register.filter
def role_name(role: str) -> str:
    """Its word; what no role is called, as an altered row of the ledger may say, stays as it is."""
    return str(Role(role).label) if role in Role.values else role


class Calendar:
    """The working days, kept for KEPT_SECONDS: a list says of dozens of lines how late they are."""

    def __init__(self) -> None:
        self.days: Workdays | None = None
        self.read_at = 0.0

    def now(self) -> Workdays:
        if self.days is None or time.monotonic() - self.read_at > KEPT_SECONDS:
            self.days, self.read_at = workdays(), time.monotonic()
        return self.days


_calendar = Calendar()


@register.filter
def due_words(due_on: date | None) -> str:
    """A deadline as people say it: calendar days before it, and by how many working days it has passed."""
    if due_on is None:
        return ""
    left = (due_on - today()).days
    if left < 0:
        return late_words(due_on, today(), _calendar.now())
    if left == 0:
        return _("今天到期")
    return _("还有 %(days)d 日") % {"days": left}


@register.filter
def due_class(due_on: date | None) -> str:
    if due_on is None:
        return ""
    left = (due_on - today()).days
    return "late" if left < 0 else "soon" if left <= 3 else ""


@register.filter
def money(amount: Decimal | str | None) -> str:
    """A sum in yuan as the documents write it: 30,000.00."""
    return "" if amount in (None, "") else f"{Decimal(amount):,.2f}"


@register.filter
def has_no_choice(field: BoundField) -> bool:
    """Whether a field offers nothing to choose from; it must say so instead of showing an empty list."""
    offered: Any = field.field.choices if isinstance(field.field, ChoiceField) else [(field.name, "")]
    return not any(value for value, _label in offered)


@register.simple_tag
def unreviewed(is_reviewed: bool) -> SafeString:
    """The mark shown wherever a value is used that the city's legal office has not confirmed."""
    return mark_safe("" if is_reviewed else f'<span class="unreviewed">{_("待法制审核")}</span>')


@register.simple_tag(takes_context=True)
def live(context: Context, topics: str, every: int = 0) -> SafeString:
    """What makes a page follow hints on `topics` (blank-separated, of grid.hints.TOPICS), and ask `every` n seconds
    besides: all that stands in `main` is fetched anew together, so that no part of it speaks of another moment than
    the rest. Put into the block `live`; static/js/desk.js keeps what is half typed.

    Nothing on the answer to a form that was sent: its address cannot be asked for.
    """
    request = context["request"]
    if request.method not in ("GET", "HEAD"):
        return mark_safe("")
    known = topics.split()
    if strange := set(known) - TOPICS:
        raise ValueError(strange)
    triggers = [f"live:{topic} from:body" for topic in known] + [f"every {every}s"] * bool(every)
    return format_html(
        ' data-watches="{}" hx-get="{}" hx-select="#page" hx-trigger="{}" hx-swap="outerHTML" hx-disinherit="*"',
        " ".join(known), request.get_full_path(), ", ".join(triggers),
    )  # fmt: skip


class Names:
    """Readable names of all areas, kept for KEPT_SECONDS: every list shows dozens, and only a re-cut changes them."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.read_at = 0.0

    def of(self, code: str) -> str:
        if code not in self.known or time.monotonic() - self.read_at > KEPT_SECONDS:
            self.known = names_of(Area.objects.values_list("pk", flat=True))
            self.read_at = time.monotonic()
        return self.known.get(code, code)


_names = Names()


@register.filter
def area_name(code: str) -> str:
    return _names.of(code)


@register.filter
def in_words(entry: EntryFacts) -> str:
    """An entry of the ledger as a sentence, with the names of places."""
    return sentence_of(entry, area_name)


@register.filter
def clock_name(kind: str) -> str:
    return name_of(kind)


@register.filter
def document_of(act: str, room: str) -> str:
    """The kind of document an act on the page of a `room` issues, empty where it issues none."""
    letter = issued_by(room, act)
    return letter.kind.value if letter else ""
