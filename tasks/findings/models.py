"""What a visit amounts to, confirmed or returned by a second pair of eyes."""

from copy import copy

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grid.calendar.now import day_of
from grid.subjects.models import Subject
from tasks.findings.rules import employer_named_in, settled_state, without_measures
from tasks.forms import tables
from tasks.forms.judging import judge
from tasks.forms.rules import Answers
from tasks.outcomes.queries import row_for
from tasks.outcomes.rules import Row
from tasks.visits.models import Outcome, Visit
from tasks.visits.states import FindingState


class Finding(models.Model):
    """The measures (五抓) a visit's facts call for. One per visit; an empty list of measures means in order."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="finding")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="findings")
    area = models.CharField(max_length=15)
    measures = models.JSONField(_("措施"), help_text=_("[{measure, clause, why}]"))
    # Where several people's visits make up the facts: {outcome, answers, sources: {field: visit code}}.
    merged = models.JSONField(_("合并后的事实"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN
    )
    recorded_by = models.ForeignKey("grid.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    remark = models.CharField(_("意见"), max_length=300, blank=True)
    # Until when a confirmed finding held: what was known on a day before stays what was known then.
    corrected_at = models.DateTimeField(_("更正"), null=True)

    class Meta:
        verbose_name = _("发现")
        indexes = [models.Index(fields=["area", "state"], name="finding_area_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("recorded_by")),
                name="finding_four_eyes",
            ),
        ]

    @property
    def seen(self) -> Visit:
        """The visit with the facts that hold at its door: its own, unless others were there as well.

        For reading only. Expects `visit` at hand.
        """
        if self.merged is None:
            return self.visit
        seen = copy(self.visit)
        seen.outcome, seen.answers = self.merged["outcome"], self.merged["answers"]
        return seen

    @property
    def is_ungrounded(self) -> bool:
        """The visit whose word the outcome is would end the check of its door, and does not say on what ground.

        Expects `visit` at hand; a query where the outcome is another visit's word.
        """
        source = self.merged["sources"].get("outcome") if self.merged else None
        if source is None or source == self.visit.code:
            return self.visit.lacks_ground
        said = Visit.objects.filter(code=source).first()
        return said is not None and said.lacks_ground

    @property
    def outcome(self) -> str:
        """What the outcome amounts to: without its ground one that would end the check is unclear."""
        return Outcome.UNCLEAR.value if self.is_ungrounded else self.seen.outcome

    @property
    def sound(self) -> Answers:
        """The answers a conclusion may rest on: asked for by the form as it stands with all of them, and not faulty. As
        they came where nobody could judge them."""
        seen = self.seen
        form = tables.known(seen.form, seen.form_version)
        judged = judge(form, seen.answers, seen.outcome, day_of(seen.counts_at))
        return seen.answers if judged.failed else judged.sound

    @property
    def row(self) -> Row | None:
        """The law's row of the outcome that holds and its reason, as it stood on the day of the visit. A query, but none
        for a door that was looked at."""
        seen = self.seen
        return row_for(self.outcome, seen.answers, day_of(seen.counts_at))

    @property
    def settles(self) -> str:
        """The state of the coverage account once it is confirmed."""
        return settled_state(self.outcome, self.sound, self.measures, self.row)

    @property
    def without_measures(self) -> str:
        """In words, for a finding without measures. Expects `visit` at hand."""
        seen = self.seen
        words = seen.get_outcome_display()
        names_employer = employer_named_in(seen.outcome, self.sound) is not None
        return without_measures(seen.outcome, words, self.is_ungrounded, names_employer)
