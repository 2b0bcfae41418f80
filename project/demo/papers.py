"""What a court would ask of the papers of a case, paper by paper: at the end of the story."""

from grid.calendar.now import day_of
from project.demo.stage import Stage
from workflows.cases.models import Case
from workflows.notices.models import Notice
from workflows.notices.queries.checklist import missing_in, owed_in


def hold_against_the_law(stage: Stage, case: Case) -> list[str]:
    """Says of each paper its kind, number and day, and how many of the elements its law demands it has; answers what is
    missing."""
    stage.chapter(f"法官看 {case.code} 的卷：每份文书，法定要件齐不齐")
    missing: list[str] = []
    with stage.later(1):
        papers = case.notices.filter(withdrawn_at=None).select_related("service").order_by("pk")
        for notice in papers:
            owed, lacks = len(owed_in(notice.kind, notice.values)), missing_in(notice.kind, notice.values)
            verdict = f"缺{'、'.join(element.what for element in lacks)}" if lacks else "齐"
            stage.tell(
                f"{notice.get_kind_display()} {notice.number}，{day_of(notice.issued_at)}，{_reached(notice)}："
                f"要件 {owed - len(lacks)}/{owed}，{verdict}"
            )
            missing += [f"{notice.number} {element.what}" for element in lacks]
    return missing


def _reached(notice: Notice) -> str:
    if notice.stays_on_file:
        return "不向当事人送达"
    return f"{notice.service.effective_on} 送达" if hasattr(notice, "service") else "待送达"
