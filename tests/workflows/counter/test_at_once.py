"""At the same moment: one paper handed in by an impatient thumb, one code guessed by many, two colleagues."""

from typing import Any

import pytest

from tests.workflows.cases.test_at_once import together
from tests.workflows.counter.conftest import Employer
from workflows.cases.models import CaseState
from workflows.counter import actions
from workflows.counter import problems as counter_problems
from workflows.counter.actions import entering
from workflows.counter.models import EntryCode, Submission
from workflows.counter.rules import MOST_TRIES, PER_EMPLOYER

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_thing_at_once_is_one_and_others_have_numbers_of_their_own(at_window: Any) -> None:
    employer = at_window(CaseState.TERM)
    texts = ("已办理", "已办理", "已办理", "另一件", "又一件")
    answers = together(
        *(lambda text=text: actions.hand_in(employer.notice, "correction", text, "张三") for text in texts)
    )
    assert sum(is_new for _made, is_new in answers) == 3
    receipts = sorted(Submission.objects.values_list("receipt", flat=True))
    assert [receipt[-6:] for receipt in receipts] == ["000001", "000002", "000003"]
    assert employer.case.clocks.filter(kind="counter.correction").count() == 1


def test_guesses_at_once_are_all_counted(make_case: Any, walk: Any, with_phone: Any) -> None:
    employer = Employer(with_phone(walk.to(make_case(), CaseState.TERM)))
    employer.asks()
    code = employer.read()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    together(*(lambda: entering.enter(employer.notice, wrong) for _ in range(MOST_TRIES + 3)))
    assert EntryCode.objects.get().tries == MOST_TRIES
    assert not entering.enter(employer.notice, code)


def test_a_code_opens_one_door(make_case: Any, walk: Any, with_phone: Any) -> None:
    employer = Employer(with_phone(walk.to(make_case(), CaseState.TERM)))
    employer.asks()
    code = employer.read()
    assert sorted(together(*(lambda: entering.enter(employer.notice, code) for _ in range(4))))[-2:] == [
        False,
        True,
    ]


def test_asking_at_once_does_not_pass_the_limit(make_case: Any, walk: Any, with_phone: Any) -> None:
    employer = Employer(with_phone(walk.to(make_case(), CaseState.TERM)))
    asks = (lambda n=n: entering.send_code(employer.notice, f"10.3.0.{n}") for n in range(PER_EMPLOYER + 3))
    refused = [answer for answer in together(*asks) if isinstance(answer, counter_problems.CodeAskedTooOften)]
    assert len(refused) == 3


def test_two_colleagues_and_one_submission(at_window: Any, cast: Any) -> None:
    employer = at_window(CaseState.DEFENCE)
    employer.hands_in("statement", "不应列入")
    made = Submission.objects.get()

    def take() -> Submission:
        return actions.take_submission(Submission.objects.get(pk=made.pk), by=cast.by.fang)

    answers = together(take, take, take)
    assert sum(isinstance(answer, counter_problems.SubmissionTaken) for answer in answers) == 2
    employer.case.listing.refresh_from_db()
    assert employer.case.listing.defence.count("不应列入") == 1
