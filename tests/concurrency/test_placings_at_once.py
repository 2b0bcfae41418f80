"""Two people place the same group in the same moment: nobody is placed twice, and the slower hears who was faster."""

from typing import Any

import pytest

from grid.ledger.models import Entry
from grid.placing.batches import actions as batches
from grid.placing.batches.models import PlacingBatch, PlacingLine
from grid.placing.bulk import actions, queries
from grid.subjects.models import Alias, Subject
from tests.cast import GRID_1, GRID_2
from tests.concurrency.test_two_approvers import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROAD = "乌海市海勃湾区凤凰岭西街北二街坊"
ROUNDS = 4


def test_a_group_is_placed_once(cast: Any, make_employer: Any) -> None:
    for turn in range(ROUNDS):
        pks = frozenset(make_employer(area="150302", address=f"{ROAD}{turn}{n}号").pk for n in range(6))
        key = queries.groups_of(cast.by.qian, "")[0].key
        listed = actions.Listed(pks, pks)
        outcomes = at_once(
            lambda key=key, listed=listed: actions.place_group(key, GRID_1, listed, by=cast.by.qian),
            lambda key=key, listed=listed: actions.place_group(key, GRID_2, listed, by=cast.by.wu),
        )
        told = [outcome for outcome in outcomes if isinstance(outcome, actions.Outcome)]
        assert sorted(len(outcome.placed) for outcome in told) == [0, 6]
        slower = next(outcome for outcome in told if not outcome.placed)
        faster = "钱卫东" if Subject.objects.get(pk=min(pks)).area == GRID_1 else "吴霞"
        assert {last.who for _subject, last in slower.faster if last} == {faster}
        assert Entry.objects.filter(verb="subject.placed", subject__in=pks).count() == 6
        assert PlacingLine.objects.filter(subject__in=pks).count() == 6
    assert Alias.objects.count() == 1


def test_a_batch_is_undone_once_and_not_under_somebody_who_places_again(
    cast: Any, make_employer: Any
) -> None:
    for turn in range(ROUNDS):
        pks = [make_employer(area="150302", address=f"{ROAD}{turn}{n}号").pk for n in range(4)]
        actions.place_many(pks, GRID_1, by=cast.by.qian)
        batch = PlacingBatch.objects.latest("pk")
        at_once(
            lambda batch=batch: batches.undo_batch(batch, why="错", by=cast.by.qian),
            lambda batch=batch: batches.undo_batch(batch, why="错", by=cast.by.wu),
        )
        assert Entry.objects.filter(verb="placing.undone", data__batch=batch.pk).count() == 1
        assert Entry.objects.filter(verb="subject.unplaced", subject__in=pks).count() == 4
        assert set(Subject.objects.filter(pk__in=pks).values_list("area", flat=True)) == {"150302"}
