"""The grounds at the desk: whoever works with cases reads them, the legal office reviews them, and the mark goes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grid.law import problems as law_problems
from grid.ledger.models import Entry
from workflows.listing.actions import review_ground
from workflows.listing.actions.loading import load_shipped_grounds
from workflows.listing.models import Ground
from workflows.listing.opening import ground_lines


@pytest.fixture(autouse=True)
def shipped(db: None) -> None:
    load_shipped_grounds()


def test_the_legal_office_reviews_a_ground(cast: Any, client: Client) -> None:
    (before,) = ground_lines(cast.by.wu, "1503")
    assert before.href == reverse("listing-grounds") and before.left == Ground.objects.count()
    client.force_login(cast.fang)
    ground = Ground.objects.get(code="5-1")
    page = client.get(before.href).content.decode()
    assert ground.title in page and "已经行政处罚" in page and "待法制审核" in page
    act = reverse("listing-ground-review", args=[ground.pk])
    assert client.post(act, {"why": ""}).status_code == 422
    done = client.post(act, {"why": "与现行规定一致"}, follow=True).content.decode()
    assert "已法制审核" in done
    ground.refresh_from_db()
    entry = Entry.objects.get(verb="law.reviewed")
    assert ground.reviewed and (entry.data["key"], entry.data["reason"]) == ("5-1", "与现行规定一致")
    assert ground_lines(cast.by.wu, "1503")[0].left == before.left - 1
    with pytest.raises(law_problems.LawReviewedAlready):
        review_ground(ground, "再来", by=cast.by.fang)


def test_who_may(cast: Any, client: Client) -> None:
    ground = Ground.objects.order_by("pk").first()
    assert ground is not None
    for who, read, act in (("zhao", 200, 404), ("wang", 403, 403), ("qian", 200, 404)):
        client.force_login(getattr(cast, who))
        assert client.get(reverse("listing-grounds")).status_code == read, who
        answer = client.post(reverse("listing-ground-review", args=[ground.pk]), {"why": "同意"})
        assert answer.status_code == act, who
    assert not Ground.objects.get(pk=ground.pk).reviewed
