"""Which entry of the header a page stands under, for whom."""

from grid.scope import NOBODY, Actor, Held, Role
from project.menu import ENTRIES, GROUPS, drawn, here_of, offered_to

DESK = ["/", "/cases/", "/listings/", "/law/", "/duties/"]
LIAISON = ["/", "/sanctions/", "/referrals/", "/transfers/"]


def test_a_page_without_an_entry_of_its_own_stands_under_the_nearest_one_offered() -> None:
    assert here_of("/sanctions/measures/", DESK) == "/listings/"
    assert here_of("/transfers/4/", DESK) == "/cases/"
    assert here_of("/targets/", DESK) == here_of("/referrals/ZB-2026-000001/", DESK) == "/duties/"
    assert here_of("/calendar/2026/", DESK) == "/law/"


def test_who_has_the_entry_itself_finds_it_there() -> None:
    assert [here_of(f"{at}1/", LIAISON) for at in LIAISON[1:]] == LIAISON[1:]


def test_the_inbox_is_the_first_page_alone() -> None:
    assert (
        here_of("/", DESK) == "/"
        and here_of("/accounts/2fa/", DESK) == ""
        and here_of("/notices/1/", []) == ""
    )


def test_every_post_is_offered_the_way_to_its_own_work() -> None:
    def offered(role: Role) -> dict[str, object]:
        return offered_to(Actor(None, "", (Held(1, role, "1503"),)))

    assert "/areas/" in offered(Role.PERSONNEL) and "/areas/" not in offered(Role.WORKER)
    assert all("/personal/" in offered(role) for role in (Role.LEGAL, Role.AUDITOR))
    assert "/personal/" not in offered(Role.CITY) and offered_to(NOBODY) == {}


def test_a_group_holds_neighbours_and_nothing_of_it_is_lost() -> None:
    """A group is drawn where its first entry stands: one that lay apart from the rest would make a second of its name."""
    order = [href for href, _label, _rights in ENTRIES]
    for label, hrefs in GROUPS:
        at = order.index(hrefs[0])
        assert order[at : at + len(hrefs)] == list(hrefs), label
    every = {href: str(label) for href, label, _rights in ENTRIES}
    menu = drawn(every, "/watch/")
    flat = [link for entry in menu for link in entry.get("entries", [entry])]
    assert {link["href"]: link["label"] for link in flat} == every
    assert [entry["label"] for entry in menu if "entries" in entry] == [label for label, _hrefs in GROUPS]
    assert [entry["label"] for entry in menu if entry["here"]] == ["监督"]
    assert [link["href"] for link in flat if link["here"]] == ["/watch/"]


def test_a_group_of_one_is_that_one() -> None:
    assert [entry["label"] for entry in drawn({"/": "收件箱", "/law/": "法规"}, "/law/")] == [
        "收件箱",
        "法规",
    ]
