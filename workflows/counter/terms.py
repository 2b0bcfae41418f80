"""The terms within which the office answers what came in at the window: `counter.` and the kind of submission."""

from workflows.clocks.terms import Term, Whose
from workflows.counter.actions import mark_overdue
from workflows.counter.models import Kind

_ANSWERS = {
    Kind.CORRECTION: "答复整改证明",
    Kind.COMMITMENT: "答复承诺书",
    Kind.STATEMENT: "答复窗口收到的陈述申辩",
    Kind.HEARING: "答复听证申请",
    Kind.OBJECTION: "答复窗口收到的异议",
    Kind.REPAIR: "答复窗口收到的信用修复申请",
}
TERMS = tuple(
    Term(key=f"counter.{kind}", matter="case", whose=Whose.OFFICE, handler=mark_overdue, title=title)
    for kind, title in _ANSWERS.items()
)
