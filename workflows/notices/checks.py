"""What `manage.py check` asks of the letters: each complete, none against another."""

from collections import Counter
from collections.abc import Iterator

from django.core.checks import CheckMessage, Error

from workflows.notices.letters import Addressee, Letter, letters, template_of
from workflows.notices.models import Notice, NoticeKind
from workflows.notices.queries.checklist import faults_in

DECLARED_IN = "workflows/<room>/letters.py"


def check_letters(**_kwargs: object) -> list[CheckMessage]:
    declared = list(letters())
    undeclared = set(NoticeKind.values) - {letter.kind.value for letter in declared}
    return [
        *(_undeclared(kind) for kind in sorted(undeclared)),
        *(fault for letter in declared for fault in _faults(letter)),
        *_twice(declared),
    ]


def _undeclared(kind: str) -> CheckMessage:
    return Error(
        f"The letter {kind} is declared nowhere.",
        hint=f"Declare a Letter for it in {DECLARED_IN} and register that file in workflows/apps.py.",
        id="workflows.E101",
    )


def _faults(letter: Letter) -> Iterator[CheckMessage]:
    kind, template = letter.kind.value, template_of(letter.kind.value)
    length = Notice._meta.get_field("kind").max_length
    if not template.is_file():
        hint = f"Write templates/print/{template.name}; base.typ beside it has the head and the foot."
        yield _error(kind, "has no template", hint, 102)
    if not letter.word.strip():
        yield _error(kind, "has no word for its numbers", f"Give it a `word` in {DECLARED_IN}.", 103)
    if letter.is_served and letter.follows is None:
        hint = f"Name in {DECLARED_IN} what takes its service (`follows`): an act of the room, or `keep_service`."
        yield _error(kind, "is served, and nobody takes its service", hint, 104)
    if not letter.is_served and (letter.follows or letter.by_worker or letter.falls_with):
        hint = f"Take `follows`, `by_worker` and `falls_with` from it in {DECLARED_IN}, or address it to the party."
        yield _error(kind, "is not served, and yet something is to follow its service", hint, 105)
    if letter.issued_by and letter.issued_by.name not in letter.issued_by.page.acts:
        page, act = letter.issued_by.page.name, letter.issued_by.name
        hint = f"Add {act} to ACTS in the room's acts.py, or name another act in {DECLARED_IN}."
        yield _error(kind, f"is issued by {act}, which the page {page} has not", hint, 106)
    if kind in NoticeKind.values and template.is_file():
        hint = "Write its elements, with their articles, into workflows/notices/queries/checklist.json."
        yield from (_error(kind, fault, hint, 110) for fault in faults_in(kind))
    if letter.to is not Addressee.FILE and letter.signed_by is None:
        hint = f"Say in {DECLARED_IN} whose approval it waits for (`signed_by`)."
        yield _error(kind, "leaves the house, and nobody approves it", hint, 111)
    if length is not None and len(kind) > length:
        yield _error(
            kind, f"has a kind of more than {length} characters", "Shorten the value of its kind.", 107
        )


def _twice(declared: list[Letter]) -> Iterator[CheckMessage]:
    """Two kinds with one word would share one row of numbers; of two behind one button none could be previewed."""
    words = Counter(letter.word for letter in declared)
    acts = Counter((by.page.name, by.name) for letter in declared if (by := letter.issued_by))
    for letter in declared:
        by = letter.issued_by
        if words[letter.word] > 1:
            hint = f"Give it a `word` of its own in {DECLARED_IN}."
            yield _error(letter.kind.value, f"shares its word {letter.word} with another", hint, 108)
        if by and acts[by.page.name, by.name] > 1:
            hint = f"Let one act issue one letter, or give one of them `issued_by=None` in {DECLARED_IN}."
            yield _error(letter.kind.value, f"shares its act {by.name} with another", hint, 109)


def _error(kind: str, fault: str, hint: str, number: int) -> CheckMessage:
    return Error(f"The letter {kind} {fault}.", hint=hint, id=f"workflows.E{number}")
