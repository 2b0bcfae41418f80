"""Reading subjects: one, or those a word finds."""

from django.db.models import Q, QuerySet

from grid.scope import Actor, Right, in_area, within
from grid.subjects.models import EMPLOYERS, Subject
from grid.subjects.rules import match_name, plain


def subjects_of(viewer: Actor, area: str = "") -> QuerySet[Subject]:
    """Subjects in the viewer's territory, below `area` when one is given."""
    rows = within(Subject.objects.all(), viewer, Right.SEE)
    return rows.filter(in_area(area)) if area else rows


def employer_named(name: str, city: str) -> Subject | None:
    """The employer of a city that alone bears this name; whoever is named at a door is not guessed at."""
    if not (wanted := match_name(name)):
        return None
    rows = Subject.objects.filter(in_area(city), kind__in=EMPLOYERS, same_as=None, match_name=wanted)
    alike = list(rows.order_by("pk")[:2])
    return alike[0] if len(alike) == 1 else None


def find_subjects(viewer: Actor, words: str, limit: int = 50) -> list[Subject]:
    """By code (any width or case), part of the name, or the initials of its pinyin; exact code first, then name."""
    code, name = plain(words), match_name(words)
    if not name:
        return []
    rows = subjects_of(viewer)
    by_code = Q(credit_code=code) | Q(legacy_code=code) | Q(local_code=words.strip())
    exact = list(rows.filter(by_code)[:limit])
    alike = Q(match_name__contains=name)
    if name.isascii():
        alike |= Q(initials__startswith=name.lower())
    return exact or list(rows.filter(alike).order_by("match_name", "pk")[:limit])
