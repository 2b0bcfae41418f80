"""意见建议: taken once, read within the territory, answered, and the answer comes with the next pull."""

import json
from typing import Any
from uuid import uuid4

import pytest

from grid import problems
from grid.calendar.now import now
from grid.ledger.models import Entry
from grid.territory.models import Posting
from mobile_api.devices.actions import enrol_phone, invite_phone, revoke_phone
from mobile_api.suggestions.actions import answer_suggestion
from mobile_api.suggestions.models import Suggestion
from tests.doors import make_task
from tests.mobile_api.phones import API, Phone

pytestmark = pytest.mark.django_db


def said(text: str = "表单太长", **fields: Any) -> dict[str, Any]:
    return {
        "client_id": str(uuid4()),
        "text": text,
        "task_id": None,
        "written_at": now().isoformat(),
        **fields,
    }


def send(phone: Phone, *items: Any) -> Any:
    return phone.client.post(
        API + "suggestions", json.dumps({"items": items}), content_type="application/json",
        headers={"Authorization": f"Bearer {phone.token}"},
    )  # fmt: skip


def statuses(phone: Phone, *items: Any) -> list[str]:
    answer = send(phone, *items)
    assert answer.status_code == 200, answer.content.decode()
    return [f"{result['status']} {result['code']}".strip() for result in answer.json()["results"]]


def test_each_is_taken_once_and_a_broken_one_is_refused_alone(phone: Phone) -> None:
    one, broken = said(), said("  ")
    assert statuses(phone, one, broken, one) == ["accepted", "refused malformed-suggestion", "repeated"]
    assert statuses(phone, one) == ["repeated"]
    assert statuses(phone, {**one, "text": "别的话"}) == ["refused client-id-reused"]
    assert Suggestion.objects.count() == 1
    verbs = list(Entry.objects.filter(verb__startswith="suggestion").values_list("verb", flat=True))
    assert verbs == ["suggestion.made"]


def test_a_door_of_the_own_area_is_named_and_a_far_one_left_out(
    cast: Any, phone: Phone, round: Any, make_employer: Any
) -> None:
    own = make_task(round, make_employer(), cast.post.wang)
    far = make_task(round, make_employer(area="150304011011001"), cast.post.liu)
    assert (
        statuses(phone, said(task_id=own.pk), said(task_id=far.pk), said(task_id=10**12)) == ["accepted"] * 3
    )
    assert [row.task_id for row in Suggestion.objects.order_by("pk")] == [own.pk, None, None]


def test_a_revoked_phone_still_hands_in(cast: Any, phone: Phone) -> None:
    revoke_phone(phone.device, "丢失", by=cast.by.zhao)
    assert statuses(phone, said()) == ["accepted"]


def test_the_answer_comes_with_the_next_pull_and_only_once(cast: Any, phone: Phone) -> None:
    cursor = phone.get("changes").json()["cursor"]
    statuses(phone, said("放宽照片大小"))
    told = phone.get(f"changes?cursor={cursor}").json()
    assert [
        (suggestion["text"], suggestion["state"], suggestion["at"]) for suggestion in told["suggestions"]
    ] == [("放宽照片大小", "open", None)]
    answer_suggestion(Suggestion.objects.get(), "下个版本改。", by=cast.by.zhao)
    told = phone.get(f"changes?cursor={told['cursor']}").json()
    (one,) = told["suggestions"]
    assert (one["state"], one["answer"], one["by"]) == ("answered", "下个版本改。", "赵敏") and one["at"]
    assert "suggestions" not in phone.get(f"changes?cursor={told['cursor']}").json()


def test_a_colleague_at_the_same_posting_does_not_read_them(cast: Any, phone: Phone, client: Any) -> None:
    statuses(phone, said())
    _invited, code = invite_phone(cast.post.li, by=cast.by.zhao)
    device, token = enrol_phone(code, "a", "1")
    assert "suggestions" not in Phone(client, token, device).get("changes").json()


def test_an_answer_follows_its_author_to_a_new_posting(cast: Any, phone: Phone, client: Any) -> None:
    statuses(phone, said())
    posting = cast.post.wang
    Posting.objects.filter(pk=posting.pk).update(valid_to=now().date().replace(year=2021))
    newer = Posting.objects.create(
        person=cast.wang, role="worker", area_id="150302001002002", valid_from=posting.valid_from
    )
    _invited, code = invite_phone(newer, by=cast.by.zhao)
    device, token = enrol_phone(code, "a", "1")
    fresh = Phone(client, token, device)
    first = fresh.get("changes").json()
    assert [suggestion["state"] for suggestion in first["suggestions"]] == ["open"]
    answer_suggestion(Suggestion.objects.get(), "好", by=cast.by.zhao)
    told = fresh.get(f"changes?cursor={first['cursor']}&forms=").json()
    assert [suggestion["state"] for suggestion in told["suggestions"]] == ["answered"]


def test_who_may_read_and_answer(cast: Any, phone: Phone, client: Any) -> None:
    statuses(phone, said("只此一条"))
    row = Suggestion.objects.get()
    for by in (cast.by.wang, cast.by.zheng, cast.by.zhou):
        with pytest.raises(problems.NotYourPost):
            answer_suggestion(row, "好", by=by)
    with pytest.raises(problems.NotHere):
        answer_suggestion(row, "好", by=cast.by.chen)
    with pytest.raises(problems.ReasonMissing):
        answer_suggestion(row, " ", by=cast.by.zhao)
    for name, reads, answers in (
        ("zhao", True, True), ("sun", True, True), ("wu", True, True), ("zheng", True, False),
        ("chen", False, False), ("wang", False, False),
    ):  # fmt: skip
        client.force_login(getattr(cast, name))
        page = client.get("/suggestions/").content.decode()
        assert ("只此一条" in page, 'name="answer"' in page) == (reads, answers), name


def test_an_answer_is_given_once(cast: Any, phone: Phone, client: Any) -> None:
    statuses(phone, said())
    row = Suggestion.objects.get()
    client.force_login(cast.zhao)
    where = f"/suggestions/{row.pk}/answer/"
    assert client.post(where, {"answer": "已安排"}).status_code == 302
    assert client.post(where, {"answer": "再说一遍"}).status_code == 409
    row.refresh_from_db()
    assert (row.answer, row.answered_by_id) == ("已安排", cast.zhao.pk)
    assert "已安排" in client.get("/suggestions/?state=answered").content.decode()
    assert "已安排" not in client.get("/suggestions/").content.decode()


def test_nothing_said_is_answered_with_nothing(phone: Phone) -> None:
    assert statuses(phone) == []
    assert statuses(phone, {"client_id": "none"}) == ["refused malformed-suggestion"]
