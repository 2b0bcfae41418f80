"""What came to lie in an area after it ended: by a placing or a delivery that was under way when its ground changed."""

from django.db import transaction
from django.utils.translation import gettext as _

from grid.ledger.actions import Line, record_many
from grid.scope import machine
from grid.subjects.actions.moves import save_moves
from grid.subjects.models import Placement, Subject
from grid.subjects.verbs import SubjectVerb
from grid.territory.models import Succession
from grid.territory.succession.queries import successors_of

MOST = 2_000
GATHERER = machine("区划调整")


@transaction.atomic
def gather_strays() -> int:
    """Periodic: subjects in an area that has a successor go there; where several took its ground, into the pool of their
    community, so that somebody places them. How many."""
    inside = Subject.objects.select_for_update(of=("self",)).filter(area__in=Succession.objects.values("old"))
    strays = list(inside.order_by("pk")[:MOST])
    before = [stray.area for stray in strays]
    heirs = {area: successors_of(area) for area in set(before)}
    for stray in strays:
        found = heirs[stray.area]
        is_one = len(found) == 1
        if stray.placement != Placement.UNPLACED:
            stray.placement = Placement.RECUT if is_one else Placement.UNPLACED
        stray.placement_why = _("{area} 已撤销，由承接的区划接收").format(area=stray.area)
        stray.area = found[0] if is_one else found[0][:12]
    moves = save_moves(strays, before, by=GATHERER)
    why = _("区划调整")
    lines = (Line(m.new, m.subject_id, data={"from": m.old, "to": m.new, "why": why}) for m in moves)
    record_many(SubjectVerb.SUBJECT_PLACED, lines, by=GATHERER)
    return len(moves)
