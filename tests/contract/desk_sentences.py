"""What the desks' pages say after “接下来” in words that no act carries, and which test holds them to it.

`SENTENCES`: template → sentence → the test that reads it from the page and checks each clause. `READ_ELSEWHERE`: the
templates whose sentences are read by tests that try every act.
"""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from typing import Any

from django.test import Client

from workflows.counter.rules import wording
from workflows.engine.signing import rules as signing

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates/workflows"
# Sentences a template takes from a table of words: (where it stands in the template, the words).
VARIABLE: Mapping[str, tuple[str, Iterable[Any]]] = {
    "signing/moves.html": ("{{ offer.follows }}", signing.FOLLOWS.values()),
    "counter/hand_in.html": (
        "{{ choice.follows }}",
        [*wording.FOLLOWS.values(), *wording.FOLLOWS_LATE.values(), wording.CORRECTED_LATER],
    ),
    "counter/receipt.html": ("{% for words in follows %}{{ words }}", wording.LATE.values()),
}

ROOMS, CASES = "tests/contract/test_acts_of_rooms.py", "tests/contract/test_acts_table.py"
READ_ELSEWHERE = {
    "announcements/entry.html": ROOMS,
    "disclosures/entry.html": ROOMS,
    "assessment/acts.html": ROOMS,
    "assessment/response.html": ROOMS,
    "audits/detail.html": CASES,
    "cases/detail.html": CASES,
    "counter/detail.html": ROOMS,
    "duties/referral.html": ROOMS,
    "duties/targets/plan.html": ROOMS,
    "findings/detail.html": "tests/workflows/findings/test_outlook.py",
    "inspections/detail.html": CASES,
    "listing/file.html": ROOMS,
    "persons/detail.html": "tests/workflows/persons/test_persons.py",
    "rounds/round.html": "tests/workflows/rounds/test_follows.py",
}

SENTENCES: dict[str, dict[str, str]] = {
    "signing/moves.html": {
        "这一步改由该同事办理，其他人能看到由谁办理；可以收回": "test_a_step_handed_over",
        "该同事准备材料，交回后仍由您办理；准备的文字存卷": "test_a_step_delegated",
        "该同事发表意见后才能办理这一步，意见存卷；逾期未答复视为没有意见": "test_an_opinion_asked_for",
        "所有被请的人都同意才能通过；有一人不同意的，只能退回或者终止办理": "test_a_countersigning",
        "回到这一步重新办理；还没有人接着办理，撤回记入台账": "test_a_step_taken_back",
    },
    "sanctions/measure.html": {
        "自今日起下达的按新依据；没有依据或者不在清单内的不能再选用；已下达的措施仍按下达时的依据。":
            "test_another_basis_of_a_measure",
    },
    "merging/search.html": {"两户并排核对，再定保留哪一个。": "test_the_other_one_found"},
    "merging/pair.html": {
        "被并入一方的统一社会信用代码、注册号、名册记录、走访、任务和线索归到保留的一方，"
        "保留的一方已有同一名册、同一轮次任务或者同类线索的以其为准；被并入一方不再计入应扩面对象；以往的记录不删除。"
        "两户各有统一社会信用代码或者各有注册号的不能合并；被并入一方有在办案件的先办结。": "test_two_made_one",
    },
    "notices/door_service.html": {
        "登记送达，整改期限自送达次日起算；补正后再次送达的，期限仍自原文书送达次日起算。": "test_a_visit_taken_for_service",
        "不作为送达，走访和影像存卷。": "test_a_visit_laid_aside",
    },
    "notices/notice.html": {
        "存卷。期限仍自原文书送达次日起算。": "test_a_corrected_document_served",
        "原文书撤回，核验时显示由新文号替代。": "test_a_document_issued_anew",
        "归档后不能更换，文书引用送达回证。": "test_a_slip_filed",
        "文书不再是草稿，不能再更改；印章没有另行保管的，同时登记用印，可以送达。": "test_a_paper_approved",
        "文书撤回，文号不再使用；退回理由进入拟稿人的收件箱。": "test_a_paper_sent_back",
    },
    "notices/to_sign.html": {
        "文书不再是草稿，不能再更改；印章没有另行保管的，同时登记用印，可以送达。": "test_papers_approved_together",
    },
    "announcements/propose.html": {"由区级或市级决定；决定公布的，按季度公布。": "test_an_announcement_proposed"},
    "announcements/list.html": {
        "所选机关辖区内已决定、尚未公布的条目一并公布，编批次号；处罚停止执行期间的除外。": "test_a_batch_published",
    },
    "counter/hand_in.html": {
        "经办人员对照社保名册核实，核实无误后结案；以社保名册为准。": "test_a_proof_that_ends_the_case",
        "经办人员对照社保名册核实，记入案卷；案件已经进入处理程序，不因此结案，主动改正的依法从轻或者减轻考虑。":
            "test_a_proof_that_does_not_end_it",
        "经办人员核对后存入案卷。承诺不免除补缴义务；不如实申报的，依法处理。": "test_a_commitment",
        "办案机关应当复核并答复，不会因为您申辩而加重处理（行政处罚法第45条）。": "test_a_statement",
        "存入案卷，由办案机关酌情考虑并答复；不会因为您申辩而加重处理（行政处罚法第45条）。": "test_a_statement_too_late",
        "符合条件的，在举行听证的 {term}前通知您时间和地点（行政处罚法第64条）。": "test_a_hearing_asked_for",
        "存入案卷并答复您；不再举行听证。":
            "test_a_hearing_asked_for_too_late",
        "核查后书面答复；信息有误的予以更正或者撤销。核查期间继续公示。": "test_an_objection",
        "实地核查后作出是否准予修复的决定；准予的，停止公示并解除惩戒措施。": "test_a_repair",
    },
    "counter/receipt.html": {
        "答复会出现在这个页面；再次进入时，使用文书上的核验码。": "test_a_proof_that_ends_the_case",
        "整改期限已过：仍然收下并核实，不影响已经作出的处理；主动改正的，依法从轻或者减轻考虑。":
            "test_a_proof_that_does_not_end_it",
        "陈述申辩期限已过：仍然收下并存卷，在作出决定前由办案机关一并考虑。": "test_a_statement_too_late",
        "要求听证的期限已过（行政处罚法第64条）：仍然收下，您写明的意见在作出决定前由办案机关酌情考虑。":
            "test_a_hearing_asked_for_too_late",
    },
}  # fmt: skip

# A sentence ends where its element does; a heading is followed by a list.
_SMALL = re.compile(r"接下来：(.*?)(?:</span>|</p>)", re.DOTALL)
_HEADED = re.compile(r'接下来" %}</h2><ul[^>]*>(.*?)</ul>', re.DOTALL)
# What leaves nothing of a tag but its words.
_TAGS = re.compile(
    r'\{% (?:end)?blocktranslate[^%]*%\}|\{% translate "|" %\}|\{% (?:if|endif|endfor)[^%]*%\}|</?(?:li|ul)>'
)


def written_in(template: str) -> list[str]:
    """The sentences after “接下来” in the text of a template, tags of words taken away."""
    text = (TEMPLATES / template).read_text(encoding="utf8")
    small = [_TAGS.sub("", found).strip() for found in _SMALL.findall(text)]
    headed = [
        _TAGS.sub("", line).strip()
        for found in _HEADED.findall(text)
        for line in found.split("</li>")
        if line.strip()
    ]
    assert len(small) + len(_HEADED.findall(text)) == text.count("接下来"), template
    return small + headed


def templates() -> list[str]:
    """The templates that say what comes next."""
    found = (path for path in sorted(TEMPLATES.rglob("*.html")) if "接下来" in path.read_text("utf8"))
    return [str(path.relative_to(TEMPLATES)) for path in found]


# --- the pages ------------------------------------------------------------------------------------


def read(client: Client, who: Any, address: str) -> str:
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def _form(page: str, address: str) -> tuple[str, str]:
    """What stands before the form that goes to `address`, and what is in it."""
    mark = f'action="{address}"'
    own = re.search(r'<form method="post" class="stack"(?: enctype="[^"]*")?>', page)
    head, rest = (
        page.split(mark, 1) if mark in page else (page[: own.end()], page[own.end() :]) if own else ("", "")
    )
    assert rest, f"no form to {address}"
    return head, rest.split("</form>", 1)[0]


def said(page: str, address: str) -> str:
    """The sentence in the form that goes to `address`, or in the line that opens it."""
    head, inside = _form(page, address)
    words = re.findall(r"接下来：([^<]*)<", inside) or re.findall(r"接下来：([^<]*)</span></summary>", head)
    return unescape(words[-1]).strip()


def send(client: Client, page: str, address: str, **given: Any) -> str:
    """Sends the form of the page filled in with `given`; the page it leads to."""
    _head, inside = _form(page, address)
    unknown = [name for name in given if f'name="{name}"' not in inside]
    assert not unknown, f"no such field: {unknown}"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside))
    answer = client.post(address, hidden | given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(client.get(answer["Location"]).content.decode())


def kept(template: str, sentence: str, clauses: Mapping[str, object], **words: str) -> None:
    """The sentence is the one the table has for `template`, each clause of it was looked at and came about.

    `words` stand for what the table leaves open in braces.
    """
    known = {text.format(**words) if words else text for text in SENTENCES[template]}
    assert sentence in known, f"{template} says “{sentence}”"
    assert [clause for clause in re.split("[，；。：]", sentence) if clause] == list(clauses)
    broken = [clause for clause, came_about in clauses.items() if not came_about]
    assert not broken, f"promised and not kept: {broken}"
