"""What the pages of 签发 say will follow, done through their forms, and looked at clause by clause."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grid.law.models import Provision
from tests.contract.desk_sentences import kept, read, said, send
from tests.reading import words_of
from tests.workflows.conftest import Walk
from workflows.cases import actions
from workflows.cases.models import Case, CaseState
from workflows.notices.models import Notice, SealUse

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def drafted(case_at: Callable[..., Case], cast: Any) -> Notice:
    return actions.issue_notice(case_at(CaseState.URGING), by=cast.by.zhao)


def stays(notice: Notice) -> bool:
    """Nobody, not even at the database, changes an approval."""
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.approval.delete()
    return True


def final(client: Client, notice: Notice) -> bool:
    answer = client.get(reverse("notice-pdf", args=[notice.pk]))
    return "草稿" not in words_of(b"".join(answer.streaming_content))


def came_about(notice: Notice, walk: Walk, client: Client, cast: Any) -> dict[str, object]:
    """What the sentence promises of an approved paper, clause by clause."""
    notice = Notice.objects.get(pk=notice.pk)
    seal = SealUse.objects.get(notice=notice)
    return {
        "文书不再是草稿": final(client, notice),
        "不能再更改": stays(notice),
        "印章没有另行保管的": seal.office == notice.values["letter"]["authority"],
        "同时登记用印": (seal.copies, seal.by_id) == (3, cast.sun.pk),
        "可以送达": walk.serve(notice, cast.by.zhao),
    }


def test_a_paper_approved(cast: Any, drafted: Notice, walk: Walk, client: Client) -> None:
    page = read(client, cast.sun, reverse("notice", args=[drafted.pk]))
    sentence = said(page, address := reverse("sign-paper", args=[drafted.pk]))
    send(client, page, address, copies="3")
    kept("notices/notice.html", sentence, came_about(drafted, walk, client, cast))


def test_papers_approved_together(cast: Any, drafted: Notice, walk: Walk, client: Client) -> None:
    Provision.objects.filter(key="seal.apart").update(value=["150304"])
    page = read(client, cast.sun, reverse("papers-to-sign"))
    sentence = said(page, address := reverse("sign-papers"))
    send(client, page, address, copies="3", paper=str(drafted.pk))
    kept("notices/to_sign.html", sentence, came_about(drafted, walk, client, cast))


def test_a_paper_sent_back(cast: Any, drafted: Notice, client: Client) -> None:
    page = read(client, cast.sun, reverse("notice", args=[drafted.pk]))
    sentence = said(page, address := reverse("return-paper", args=[drafted.pk]))
    send(client, page, address, why="人数不符")
    drafted.refresh_from_db()
    inbox = read(client, cast.zhao, "/")
    again = actions.issue_notice(drafted.case, by=cast.by.zhao)
    clauses = {
        "文书撤回": drafted.withdrawn_at,
        "文号不再使用": again.number != drafted.number,
        "退回理由进入拟稿人的收件箱": "人数不符" in inbox and drafted.number in inbox,
    }
    kept("notices/notice.html", sentence, clauses)
