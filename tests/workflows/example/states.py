"""Which state of an example may follow which."""

from grid import problems
from tests.workflows.example.models import Example
from tests.workflows.example.models import ExampleState as S

ACTS = {
    "propose": ((S.DRAFTED,), S.WAITING, "提出"),
    "expire": ((S.WAITING,), S.PROPOSED, "期满"),
    "decide": ((S.PROPOSED,), S.DECIDED, "决定"),
    "take_back": ((S.PROPOSED,), S.WAITING, "撤回一步"),
    "withdraw": ((S.DRAFTED, S.WAITING, S.PROPOSED), S.WITHDRAWN, "撤回"),
}


def may(example: Example, act: str) -> bool:
    return example.state in ACTS[act][0]


def move(example: Example, act: str) -> None:
    if not may(example, act):
        raise out_of_order(example, label_of(act))
    example.state = ACTS[act][1]


def sources(act: str) -> tuple[str, ...]:
    return ACTS[act][0]


def label_of(act: str) -> str:
    return ACTS[act][2]


def out_of_order(example: Example, act: object) -> problems.OutOfOrder:
    return problems.OutOfOrder(thing=example.code, state=S(example.state).label, act=act)
