"""What of the cases still needs a person's data: 个人信息保护法 第47条第2款, named matter by matter."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from grid.calendar.now import day_of
from grid.law.queries import the_law
from grid.personal.rules import is_kept, kept_until
from grid.subjects.models import Subject
from workflows.announcements.models import Announcement
from workflows.audits.models import TaxTransfer
from workflows.cases.models import ENDED, Case
from workflows.clocks.models import Clock
from workflows.counter.models import Submission
from workflows.duties.models import ENDED as REFERRAL_ENDED
from workflows.duties.models import Referral
from workflows.inspections.models import ENDED as INSPECTION_ENDED
from workflows.inspections.models import Inspection
from workflows.listing.models import Listing
from workflows.remedies.models import Remedy


def needed_for_cases(subject: Subject, on: date) -> Iterator[str]:
    """Open cases and what hangs on them, penalties and listings under way, terms that run, and files not yet out of
    their period of retention."""
    for case in Case.objects.filter(subject=subject).exclude(state__in=ENDED):
        yield _("案件 {code}（{state}）正在办理").format(code=case.code, state=case.get_state_display())
    for inspection in Inspection.objects.filter(case__subject=subject).exclude(state__in=INSPECTION_ENDED):
        yield _("监察 {code}（{state}）的处罚还没有办结").format(
            code=inspection.code, state=inspection.get_state_display()
        )
    for remedy in Remedy.objects.filter(case__subject=subject, decided_on=None):
        yield _("{kind}（{body}）正在进行").format(kind=remedy.get_kind_display(), body=remedy.body)
    for listing in Listing.objects.filter(subject=subject, published_at__isnull=False, removed_at=None):
        yield _("名单 {code} 正在公布，至 {until}").format(code=listing.code, until=listing.ends_on)
    yield from _beside(subject)
    yield from _files(subject, on)


def _beside(subject: Subject) -> Iterator[str]:
    for shown in Announcement.objects.filter(subject=subject, decided_at__isnull=False, removed_at=None):
        yield _("重大违法社会公布 {code} 没有撤下").format(code=shown.code)
    for transfer in TaxTransfer.objects.filter(case__subject=subject, closed_at=None).select_related("case"):
        yield _("案件 {code} 的欠费移送没有办结").format(code=transfer.case.code)
    own = Q(subject=subject) | Q(case__subject=subject)
    for referral in Referral.objects.filter(own).exclude(state__in=REFERRAL_ENDED):
        yield _("转办件 {code} 没有办结").format(code=referral.code)
    for submission in Submission.objects.filter(subject=subject, answered_at=None):
        yield _("窗口提交 {receipt} 没有答复").format(receipt=submission.receipt)
    running = Clock.objects.filter(
        case__subject=subject, case__state__in=ENDED, fired_at=None, stopped_at=None
    )
    for clock in running.select_related("case"):
        yield _("案件 {code} 的期限“{term}”正在计算").format(
            code=clock.case.code if clock.case else "", term=clock.name
        )


def _files(subject: Subject, on: date) -> Iterator[str]:
    law = the_law(on)["privacy.case_months"]
    months = int(law.value)
    for case in Case.objects.filter(subject=subject, state__in=ENDED, closed_at__isnull=False):
        closed_on = day_of(case.closed_at) if case.closed_at else None
        if closed_on and is_kept(closed_on, months, on):
            words = _("案卷 {code} 保管至 {until}（{basis}）")
            yield words.format(code=case.code, until=kept_until(closed_on, months), basis=law.basis)
