"""Taking the file of a phone that cannot send any more: visits, photos and suggestions, each exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grid.keeping import keep_file, touch
from grid.ledger.actions import Line as Entered
from grid.ledger.actions import record
from grid.scope import Actor, Right, require
from grid.territory.models import Posting
from mobile_api.devices.actions import acting, held_of
from mobile_api.devices.models import Device
from mobile_api.devices.queries import warrant_of_file
from mobile_api.handin.reading import Line, Picture, Unsent, Words
from mobile_api.handin.verbs import HandinVerb
from mobile_api.suggestions.actions import Answer as Heard
from mobile_api.suggestions.actions import take_suggestions
from mobile_api.sync.actions import take_handed_in
from mobile_api.uploads.actions import evidence_file, evidence_path
from tasks.arrivals.actions.recording import Answer, bind_evidence
from tasks.visits.models import Route
from tasks.visits.queries import visits_here
from tasks.visits.rules import Photo
from tasks.visits.rules.believing import Warrant
from workflows.notices.actions.slips import prove_service

BATCH = 200


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one visit or suggestion of the file."""

    number: int
    client_id: str
    status: str
    message: str
    visit: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Visits and suggestions one by one, and the photos: bound now, or left out and why."""

    lines: list[LineOutcome]
    bound: int
    left_out: list[tuple[str, str]]
    drafts: int
    suggestions: list[LineOutcome]

    def count(self, status: str) -> int:
        return sum(1 for line in self.lines if line.status == status)

    @property
    def accepted(self) -> int:
        return self.count("accepted")

    @property
    def repeated(self) -> int:
        return self.count("repeated")

    @property
    def refused(self) -> int:
        return self.count("refused")

    @property
    def words(self) -> int:
        """Suggestions that were not here before."""
        return sum(1 for suggestion in self.suggestions if suggestion.status == "accepted")


def take_file(unsent: Unsent, posting: Posting, device: Device | None = None, *, by: Actor) -> Report:
    """Hands a file in for the worker of `posting`, in whose name the visits stand; the ledger says who did it.
    `device` is the revoked phone it was taken from, where the desk knows that.

    In batches, each whole or not at all: taken again after a crash the file finds what is here, and adds the rest.
    """
    require(by, Right.ENROL, posting.area_id)
    warrant = warrant_of_file(posting, device)
    lines = _visits(unsent.lines, posting, device)
    bound, left_out = _photos(unsent.pictures, acting(posting), warrant.ended_at is not None)
    words = _suggestions(unsent.suggestions, posting, warrant)
    report = Report(lines, bound, left_out, unsent.drafts, words)
    with transaction.atomic():
        facts = {
            "name": posting.person.full_name, "posting": posting.pk, "written_at": unsent.written_at,
            "visits": report.accepted, "repeated": report.repeated, "refused": report.refused, "photos": bound,
            "suggestions": report.words,
        }  # fmt: skip
        record(HandinVerb.UNSENT_TAKEN, Entered(posting.area_id, data=facts), by=by)
    return report


def _visits(lines: Sequence[Line], posting: Posting, device: Device | None) -> list[LineOutcome]:
    readable = [line for line in lines if line.arrival]
    answers: dict[int, Answer] = {}
    for start in range(0, len(readable), BATCH):
        part = readable[start : start + BATCH]
        arrivals = [line.arrival for line in part if line.arrival]
        # When the file is handed in the phone's clock is not known any more: no skew is measured.
        taken = take_handed_in(posting, arrivals, lambda post: warrant_of_file(post, device))
        answers |= {line.number: answer for line, answer in zip(part, taken, strict=True)}
    return [_visit_outcome(line, answers.get(line.number)) for line in lines]


def _visit_outcome(line: Line, answer: Answer | None) -> LineOutcome:
    if answer is None:
        message = _("这条走访无法读取：{faults}").format(faults=line.fault)
        return LineOutcome(line.number, line.client_id, "refused", message)
    route = str(Route(answer.route).label)
    return LineOutcome(line.number, line.client_id, answer.status, answer.message, answer.visit, route)


def _suggestions(words: Sequence[Words], posting: Posting, warrant: Warrant) -> list[LineOutcome]:
    readable = [word for word in words if word.said]
    answers: dict[int, Heard] = {}
    for start in range(0, len(readable), BATCH):
        part = readable[start : start + BATCH]
        said = [word.said for word in part if word.said]
        taken = take_suggestions(said, held_of(posting), by=acting(posting), warrant=warrant)
        answers |= {word.number: answer for word, answer in zip(part, taken, strict=True)}
    return [_suggestion_outcome(word, answers.get(word.number)) for word in words]


def _suggestion_outcome(words: Words, answer: Heard | None) -> LineOutcome:
    if answer is None:
        message = _("这条意见无法读取：{faults}").format(faults=words.fault)
        return LineOutcome(words.number, "", "refused", message)
    return LineOutcome(words.number, str(answer.client_id), answer.status, answer.message)


def _photos(pictures: Sequence[Picture], worker: Actor, ended: bool) -> tuple[int, list[tuple[str, str]]]:
    bound, left_out = 0, []
    for picture in pictures:
        if picture.content is None or picture.visit is None:
            left_out.append((picture.sha256[:16], str(_("内容与指纹不符或无法读取"))))
        elif _bind(picture.visit, picture, picture.content, worker, ended):
            bound += 1
        else:
            left_out.append((picture.sha256[:16], str(_("没有对应的走访"))))
    return bound, left_out


def _bind(visit: UUID, picture: Picture, content: bytes, worker: Actor, ended: bool) -> bool:
    """Written first, noted second: the writing can be repeated, a note without a file could not be mended. Bytes that
    belong to no visit are not written at all."""
    if not visits_here([visit]):
        return False
    file = evidence_file(picture.sha256)
    if not touch(file):
        keep_file(file, [content], len(content))
    photo, path = Photo(picture.sha256, len(content), picture.kind), evidence_path(picture.sha256)
    bound = bind_evidence(visit, photo, path, by=worker, only_promised=ended)
    if bound:
        prove_service(visit)
    return bound
