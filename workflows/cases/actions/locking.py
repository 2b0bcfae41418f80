"""Locks on many cases at once: always the engine's process, in order, before anything of the case."""

from collections.abc import Collection, Sequence

from grid.ledger.bulk import among
from workflows.cases.models import Case, CaseProcess


def named(case_id: int) -> Case:
    """The case with what the ledger names it by, unlocked."""
    return Case.objects.only("code", "area", "subject_id").get(pk=case_id)


def hold(cases: Sequence[int]) -> None:
    """Locks the processes of these cases until the transaction ends."""
    processes = CaseProcess.objects.filter(case__in=among(cases)).order_by("pk")
    list(processes.select_for_update(of=("self",)).values_list("pk", flat=True))


def free_of_clocks(clocks: Collection[int]) -> list[int]:
    """Locks the processes of the cases of these clocks, and passes over what another process holds. Their numbers."""
    rows = CaseProcess.objects.filter(case__clocks__in=clocks).order_by("pk")
    return list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
