"""Who stands above whom when work is overdue."""

from collections.abc import Collection

from grid.scope import RIGHTS, Right, Role

# Who stands above whom; whose right a step asks for is the lowest of these that holds it.
SUPERIORS: dict[str, tuple[str, ...]] = {
    Role.COMMUNITY: (Role.STREET, Role.DISTRICT, Role.CITY),
    Role.STREET: (Role.DISTRICT, Role.CITY),
    Role.EXAMINER: (Role.DISTRICT, Role.CITY),
    Role.INSPECTOR: (Role.DISTRICT, Role.CITY),
    Role.DISTRICT: (Role.CITY,),
    Role.LEGAL: (Role.CITY,),
}
CODE_LENGTHS = {Role.STREET: 9, Role.DISTRICT: 6, Role.CITY: 4}


def superior_of(
    rights: Collection[Right], area: str, posts: Collection[tuple[str, str]]
) -> tuple[str, str] | None:
    """(role, area) of the nearest superior of whoever takes a step in `area` with the first of `rights`.

    `posts` are the (role, area) somebody is posted to. None where nobody stands above.
    """
    mine = next((role for role in SUPERIORS if next(iter(rights)) in RIGHTS[role]), None)
    above = ((role, area[: CODE_LENGTHS[Role(role)]]) for role in SUPERIORS.get(mine or "", ()))
    return next((post for post in above if post in posts), None)


def may_anybody(rights: Collection[Right], area: str, posts: Collection[tuple[str, str]]) -> bool:
    """Whether somebody posted today holds one of `rights` over `area`."""
    prefixes = [area[:length] for length in (4, 6, 9, 12, 15) if length <= len(area)]
    roles = [role for role in RIGHTS if not RIGHTS[role].isdisjoint(rights)]
    return any((role, prefix) in posts for role in roles for prefix in prefixes)
