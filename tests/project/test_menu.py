"""Which entry of the header a page stands under, for whom."""

from project.menu import here_of

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
