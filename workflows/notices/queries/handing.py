"""What is said after an act: with each document it issued by its number, to be opened and printed at once."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from grid.scope import Actor
from workflows.notices.models import Notice


def last_paper(case_id: int) -> int:
    """The newest document of a case, before an act: 0 where there is none."""
    return Notice.objects.filter(case=case_id).order_by("-pk").values_list("pk", flat=True).first() or 0


def with_papers(said: str, case_id: int, before: int, *, by: Actor) -> SafeString:
    """Asks which documents `by` has issued for the case since `before`, and says them after `said`. One query."""
    issued = Notice.objects.filter(case=case_id, pk__gt=before, issued_by=by.person_id).order_by("pk")
    return format_html("{}{}", said, format_html_join("", "{}", [(named(notice),) for notice in issued]))


def named(notice: Notice) -> SafeString:
    """The document as a line of a message."""
    return format_html(
        '{} <a href="{}">{}</a> <a class="button" href="{}" target="_blank" rel="noopener">{}</a>',
        _("已制发《{title}》").format(title=notice.get_kind_display()),
        reverse("notice", args=[notice.pk]),
        notice.number,
        reverse("notice-pdf", args=[notice.pk]),
        _("打开、打印"),
    )
