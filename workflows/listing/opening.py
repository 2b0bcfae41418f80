"""Which grounds for listing nobody has confirmed. Reads only; see grid/opening.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.opening import Group, Line
from grid.scope import Actor, Right
from workflows.listing.models import Ground


def ground_lines(viewer: Actor, city: str) -> list[Line]:
    """One query."""
    if not viewer.can(Right.SEE_CASES, city):
        return []
    left = Ground.objects.filter(reviewed=False, valid_to=None).count()
    words = (
        _("{n} 个情形待法制审核，审核前不能据此制发文书或公示").format(n=left) if left else _("都已法制审核")
    )
    return [Line(Group.LAW, _("列入名单的情形"), left, words, reverse("listing-grounds"), is_blocking=True)]
