"""Rooms above are asked and told by those below; a room that says twice that it wants to hear does not hear twice."""

from collections.abc import Callable
from typing import Any

import pytest

from grid.registers import actions as registers
from grid.registers.actions import foreseeing, rolling_back
from grid.rotation.actions import blind
from grid.subjects.actions import merging, moves

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("register", "known"),
    [
        (registers.on_delivery, registers._followers),
        (foreseeing.foretell, foreseeing._providers),
        (rolling_back.rest_on, rolling_back._resters),
        (blind.register_fingerprints, blind._kept),
        (merging.on_subjects_merged, merging._followers),
        (moves.on_subjects_moved, moves._followers),
    ],
)
def test_whoever_registers_twice_is_heard_once(register: Callable[[Any], Any], known: list[Any]) -> None:
    before = list(known)
    for follower in before:
        register(follower)
    assert before and known == before
