"""What a visit came to is said with the same words everywhere, or differs on purpose, as this one list says.

A new outcome: a line here, and every place below that fails. `Outcome` in tasks/visits/models.py is what counts.
"""

import re
from pathlib import Path
from typing import NamedTuple, get_args

from mobile_api.schemas import OutcomeName
from tasks.coverage.models import CoverState
from tasks.forms.rules.compiling import OUTCOMES
from tasks.visits.models import Outcome

ROOT = Path(__file__).resolve().parents[2]
PHONE, TABLES = ROOT / "mobile_api/phone/src", ROOT / "tasks/forms/tables"


class Words(NamedTuple):
    """`desk`: on pages, papers and in tables. `phone`: to the worker, in plain speech. `account`: of the door in the
    coverage, where columns are narrow; empty where the outcome leaves no state of its own. `tables`: what a form about
    another kind of door may say instead."""

    desk: str
    phone: str
    account: str = ""
    tables: tuple[str, ...] = ()


# In the order in which a form offers them.
WORDS = {
    "done": Words("已核查", "见到人，已核查", tables=("已走访", "已送达")),
    "refused": Words("拒访", "拒绝配合", "拒访", ("不愿说",)),
    "closed": Words("歇业", "已歇业", "歇业", ("停产关闭", "宣传点已撤", "已撤销", "项目已撤")),
    "moved": Words("迁出", "已搬走", "迁出", ("已搬走",)),
    "not_found": Words("查无此户", "查无此处", "查无", ("找不到", "查无此人", "查无此单位", "查无此项目")),
    "nobody_in": Words("无人在场", "当时没人", tables=("无人在家",)),
    "not_a_subject": Words("不属扩面对象", "不属于参保对象", "不属对象", ("不是宣传点",)),
}
UNOFFERED = {"unclear": "结果不明"}


def test_the_desk_and_the_forms_say_the_same() -> None:
    said = {name: words.desk for name, words in WORDS.items()}
    assert {outcome.value: str(outcome.label) for outcome in Outcome} == said | UNOFFERED
    assert dict(OUTCOMES) == said and [name for name, _word in OUTCOMES] == list(WORDS)


def test_the_phone_may_send_each_of_them() -> None:
    assert set(get_args(OutcomeName)) == set(WORDS) | set(UNOFFERED)
    union = re.search(r"export type Outcome =(.+)", (PHONE / "types.ts").read_text(encoding="utf-8"))
    assert union and re.findall(r"'(\w+)'", union[1]) == list(WORDS)


def record_of(file: str, name: str) -> dict[str, str]:
    text = (PHONE / file).read_text(encoding="utf-8")
    block = re.search(rf"const {name}: Record<Outcome, string> = \{{(.+?)\n\}}", text, re.DOTALL)
    assert block, f"{name} is not in {file}"
    return dict(re.findall(r"(\w+): '([^']+)'", block[1]))


def test_the_phone_knows_the_plain_words_and_has_its_own() -> None:
    assert record_of("forms/words.ts", "PLAIN") == {name: words.desk for name, words in WORDS.items()}
    assert record_of("messages.ts", "OUTCOMES") == {name: words.phone for name, words in WORDS.items()}


def test_the_account_of_doors_says_it_shorter_and_no_other_way() -> None:
    said = {name: words.account for name, words in WORDS.items() if words.account}
    states = {state.value: str(state.label) for state in CoverState if state.value in WORDS}
    assert states == said


def test_the_tables_say_it_in_these_words() -> None:
    """A table that asks for no outcome is offered all of them; a word of its own belongs into WORDS above."""
    row = re.compile(r"^\|[^|]*\| *outcome *\| *(\w+) *\| *([^| ]+) *\|", re.MULTILINE)
    said = {
        (file.name, name, word)
        for file in TABLES.glob("*.md")
        for name, word in row.findall(file.read_text(encoding="utf-8"))
    }
    assert len(said) > 100
    assert [
        line for line in sorted(said) if line[2] not in (WORDS[line[1]].desk, *WORDS[line[1]].tables)
    ] == []
