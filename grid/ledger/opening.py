"""Whether somebody keeps a checkpoint of the ledger where the server cannot reach it. Reads only; see grid/opening.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from grid.ledger.models import Checkpoint, Entry
from grid.ledger.verbs import LedgerVerb
from grid.opening import Group, Line
from grid.scope import Actor, Right


def ledger_lines(viewer: Actor, city: str) -> list[Line]:
    """Two queries. Whoever keeps one checkpoint can prove later that nothing before it was cut or rewritten."""
    if not viewer.can(Right.CLEAR_ALARM, city):
        return []
    title = _("台账封存点取出保管")
    if not Checkpoint.objects.exists():
        return [Line(Group.SAFETY, title, 1, _("台账还没有封存过，请核对时钟进程在运行"), is_blocking=True)]
    kept = Entry.objects.filter(verb=LedgerVerb.CHECKPOINT_KEPT).order_by("-id").first()
    if kept is None:
        words, left = _("没有人取出过。取出一份，日后可证明此前的台账没有被删改"), 1
    else:
        words, left = _("{day} 由{name}取出").format(day=f"{kept.at:%Y-%m-%d}", name=kept.actor_name), 0
    return [Line(Group.SAFETY, title, left, words, reverse("checklist-checkpoint"))]
