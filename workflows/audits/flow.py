"""The agenda of an audit: which step is open. What is true of it is its own state, under its own state machine; after each
step the flow looks there and opens the step that belongs to the state."""

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import Flow, nodes
from viewflow.workflow.lock import SelectForUpdateLock

from grid.scope import Right
from workflows.audits.models import AuditProcess, AuditState
from workflows.engine.nodes import ClosedNode, HumanNode, by_state


class AuditFlow(Flow):
    """社会保险稽核

    From the notice to the opinion and what became of it. A unit that the register shows corrected breaks it off.
    """

    # Stored in every row of the engine: it never moves (workflows/flows.py).
    __module__ = "workflows.flows"

    process_class = AuditProcess
    lock_impl = SelectForUpdateLock(nowait=False)

    start = nodes.StartHandle().Annotation(title=_("立项")).Next(this.noticed)

    noticed = HumanNode(right=Right.AUDIT).Annotation(title=_("送达稽核通知书")).Next(this.examining)
    examining = HumanNode(right=Right.AUDIT).Annotation(title=_("稽核")).Next(this.after_examination)
    after_examination = by_state("informed", "clean")
    informed = HumanNode(right=Right.AUDIT).Annotation(title=_("告知情况，听取陈述"))
    informed.Next(this.after_statement)
    after_statement = by_state("opinion", "clean")
    opinion = HumanNode(right=Right.AUDIT).Annotation(title=_("责令限期改正")).Next(this.after_opinion)
    after_opinion = by_state("corrected", "proposed", "tax")
    corrected = ClosedNode(at=(AuditState.CORRECTED,)).Annotation(title=_("已改正"))
    clean = ClosedNode(at=(AuditState.CLEAN,)).Annotation(title=_("未发现问题"))
    proposed = ClosedNode(at=(AuditState.PROPOSED,)).Annotation(title=_("提请行政处罚"))
    tax = ClosedNode(at=(AuditState.TAX,)).Annotation(title=_("移送税务"))
