"""The public side: no account, no harvesting, no person; and the platform's feed."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid.calendar.now import moved_to, now, today
from grid.limits import STEP, Count, address_of
from tests.workflows.conftest import noon
from workflows.listing import queries
from workflows.listing.actions import public_feed
from workflows.listing.models import Listing
from workflows.listing.views import public
from workflows.remedies.models import Remedy

pytestmark = pytest.mark.once

Listed = Callable[..., Listing]
TOKEN = {"HTTP_AUTHORIZATION": "Bearer demo-credit-platform"}
FEED = "/public/listings/feed"


@pytest.fixture(autouse=True)
def a_minute_of_its_own(monkeypatch: Any) -> None:
    cache.clear()
    monkeypatch.setattr(public, "_count", Count())


@pytest.fixture
def three(listed: Listed) -> list[Listing]:
    return [listed() for _ in range(3)]


def test_a_person_is_masked_everywhere(listed: Listed, client: Any) -> None:
    listing = listed()
    for text in (
        client.get("/public/listings/").content.decode(),
        client.get(f"/public/listings/{listing.code}/").content.decode(),
        client.get(f"{FEED}.json", **TOKEN).content.decode(),
        client.get(f"{FEED}.csv", **TOKEN).content.decode(),
    ):
        assert "11010519491231002X" not in text
        assert "张三" not in text
    assert "110105********002X" in client.get(f"/public/listings/{listing.code}/").content.decode()


def test_nobody_turns_all_pages_and_nobody_asks_without_end(
    db: None, client: Any, one_minute: None, monkeypatch: Any
) -> None:
    refused = client.get("/public/listings/", {"page": public.PAGES + 1})
    assert refused.status_code == 422 and "请输入单位名称" in refused.content.decode()
    monkeypatch.setattr(public, "LOOKUPS", STEP)
    monkeypatch.setattr(public, "_count", Count())
    cache.clear()
    answers = [client.get("/public/listings/").status_code for _ in range(STEP + 1)]
    assert answers == [200] * STEP + [429]
    other = Client(REMOTE_ADDR="10.1.1.9")
    assert other.get("/public/listings/").status_code == 200


def test_behind_the_proxy_the_address_is_the_one_it_saw(rf: Any) -> None:
    asked = rf.get("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2", REMOTE_ADDR="127.0.0.1")
    assert address_of(asked) == "127.0.0.1"
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert address_of(asked) == "2.2.2.2"


def test_the_list_costs_the_same_for_one_and_for_three(
    listed: Listed, client: Any, django_assert_num_queries: Any
) -> None:
    listed()
    with django_assert_num_queries(2):
        client.get("/public/listings/")
    with django_assert_num_queries(3):
        client.get(f"{FEED}.json", **TOKEN)
    listed(), listed()
    with django_assert_num_queries(2):
        client.get("/public/listings/")
    with django_assert_num_queries(3):
        assert len(client.get(f"{FEED}.json", **TOKEN).json()["entries"]) == 3


def test_the_feed_is_the_platforms_alone(db: None, client: Any) -> None:
    for headers in ({}, {"HTTP_AUTHORIZATION": "Bearer wrong"}, {"HTTP_AUTHORIZATION": "demo"}):
        refused = client.get(f"{FEED}.json", **headers)
        assert (refused.status_code, refused.json()["code"]) == (401, "feed-not-yours")
    with override_settings(CREDIT_FEED_TOKEN=""):
        assert client.get(f"{FEED}.csv", HTTP_AUTHORIZATION="Bearer ").status_code == 401
    for cursor in ("-1", "x", "99", "9" * 20):
        refused = client.get(f"{FEED}.json", {"after": cursor}, **TOKEN)
        assert (refused.status_code, refused.json()["code"]) == (422, "feed-cursor-unknown")
    assert client.get(f"{FEED}.json", **TOKEN).json() == {"entries": [], "cursor": 0, "more": False}


def test_csv_and_json_tell_the_same_and_page_by_cursor(
    three: list[Listing], client: Any, monkeypatch: Any
) -> None:
    whole = client.get(f"{FEED}.json", **TOKEN).json()
    answer = client.get(f"{FEED}.csv", **TOKEN)
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    for entry, row in zip(whole["entries"], rows, strict=True):
        assert {name: str(value) for name, value in entry.items() if str(value) != row[name]} == {}
    assert (answer["X-Cursor"], answer["X-More"]) == (str(whole["cursor"]), "0")
    monkeypatch.setattr(queries, "FEED_PAGE", 2)
    first = client.get(f"{FEED}.json", **TOKEN).json()
    assert (len(first["entries"]), first["more"]) == (2, True)
    second = client.get(f"{FEED}.json", {"after": first["cursor"]}, **TOKEN).json()
    assert first["entries"] + second["entries"] == whole["entries"] and not second["more"]


def test_a_tombstone_tells_only_that_it_left(three: list[Listing]) -> None:
    gone = three[1]
    take_down(gone)
    (told,) = [entry for entry in queries.feed_after(0).entries if entry["code"] == gone.code]
    assert told["state"] == "removed" and told["removed_on"] == today().isoformat()
    assert not any(told[name] for name in ("name", "credit_code", "facts", "ground", "decided_on"))


def test_a_period_that_is_over_is_told_as_over_before_any_clock_came_by(three: list[Listing]) -> None:
    assert three[0].ends_on
    with moved_to(noon(max(listing.ends_on for listing in three if listing.ends_on) + timedelta(days=1))):
        assert {entry["state"] for entry in queries.feed_after(0).entries} == {"removed"}
        assert not queries.published().exists()


def take_down(listing: Listing) -> None:
    remedy_of(listing, outcome="quashed", decided_on=today(), effective_on=today(), closed_by=listing.city_by)
    listing.removed_at, listing.removed_why = now(), "撤销列入"
    listing.save(update_fields=["removed_at", "removed_why"])
    public_feed.bump_feed(listing)


def remedy_of(listing: Listing, **fields: Any) -> None:
    Remedy.objects.filter(case=listing.case).delete()
    values = {
        "target": "listing",
        "kind": "suit",
        "body": "法院",
        "filed_on": today(),
        "noted_by": listing.city_by,
    }
    Remedy.objects.create(case=listing.case, noted_at=now(), **(values | fields))


def stay(listing: Listing) -> None:
    if listing.stayed_at is None:
        remedy_of(listing, stayed_on=today(), stay_number="停1号")
    listing.stayed_at = None if listing.stayed_at else now()
    listing.save(update_fields=["stayed_at"])
    public_feed.bump_feed(listing)


def correct(listing: Listing) -> None:
    listing.correction = f"更正{listing.feed}"
    listing.save(update_fields=["correction"])
    public_feed.bump_feed(listing)


class Platform:
    """A reader of the feed that applies what it is told to what it knew."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.cursor = 0

    def pull(self) -> None:
        more = True
        while more:
            page = queries.feed_after(self.cursor)
            for entry in json.loads(json.dumps(page.entries)):
                if entry["state"] == "published":
                    self.known[entry["code"]] = entry
                else:
                    self.known.pop(entry["code"], None)
            self.cursor, more = page.cursor, page.more

    def shown(self) -> dict[str, str]:
        return {code: entry["correction"] for code, entry in self.known.items()}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["stay", "correct", "pull", "remove"])), max_size=14
    )
)
def test_the_feed_from_any_cursor_gives_the_public_list(
    three: list[Listing], monkeypatch: Any, steps: list[tuple[int, str]]
) -> None:
    """Readers that pulled at different times, and one that never did, all end at the list as it is shown."""
    from django.db import transaction

    monkeypatch.setattr(queries, "FEED_PAGE", 2)
    readers = [Platform()]
    with transaction.atomic():
        for which, step in steps:
            listing = Listing.objects.get(pk=three[which].pk)
            if step == "pull":
                readers.append(Platform())
                readers[-1].pull()
            elif listing.removed_at is None:
                {"stay": stay, "correct": correct, "remove": take_down}[step](listing)
        for reader in readers:
            reader.pull()
            assert reader.shown() == {entry.code: entry.correction for entry in queries.published()}
        transaction.set_rollback(True)
