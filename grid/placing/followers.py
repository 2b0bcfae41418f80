"""What rooms above know of where a subject is, asked by the placer: its addresses in other registers, where the phone
stood at an earlier visit. The grid may not know those rooms, so they offer a function in their app's ready()."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Elsewhere(NamedTuple):
    """An address of a subject that another register gives, and what the register is called."""

    register: str
    address: str


class Position(NamedTuple):
    """Where a door is, in WGS-84, from one visit to it: never a track."""

    lng: float
    lat: float


AddressesOf = Callable[[Sequence[int]], Mapping[int, Sequence[Elsewhere]]]
PositionsOf = Callable[[Sequence[int]], Mapping[int, Position]]
_addresses: list[AddressesOf] = []
_positions: list[PositionsOf] = []


def offer_addresses(provider: AddressesOf) -> None:
    """Asking twice changes nothing."""
    if provider not in _addresses:
        _addresses.append(provider)


def offer_positions(provider: PositionsOf) -> None:
    """Asking twice changes nothing."""
    if provider not in _positions:
        _positions.append(provider)


def addresses_of(subjects: Sequence[int]) -> dict[int, list[Elsewhere]]:
    """Subject → what other registers say of its address."""
    found: dict[int, list[Elsewhere]] = {}
    for provider in _addresses if subjects else ():
        for subject, addresses in provider(subjects).items():
            found.setdefault(subject, []).extend(addresses)
    return found


def positions_of(subjects: Sequence[int]) -> dict[int, Position]:
    """Subject → where its door is, of those visited before."""
    found: dict[int, Position] = {}
    for provider in _positions if subjects else ():
        found |= provider(subjects)
    return found
