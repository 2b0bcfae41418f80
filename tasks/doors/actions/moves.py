"""Steps of check tasks. Part of somebody's action, which also writes the ledger."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q

from grid.calendar.now import now, today
from grid.ledger.bulk import number_list, numbers_in
from grid.scope import Actor
from tasks.doors import states
from tasks.doors.actions.feed import raise_feeds
from tasks.doors.models import CheckTask, TaskState

# Part of every push, so not built anew each time.
_VISITED = """
UPDATE tasks_checktask
SET state = 'visited', question = '', question_fields = '[]', come_again_on = NULL, feed = %s
WHERE id {among}
"""


def locked_task(task_id: int) -> tuple[CheckTask, int]:
    """The task, locked, with its posting's next feed number. The posting is locked first (see feed.py)."""
    while True:
        posting_id = CheckTask.objects.values_list("posting_id", flat=True).get(pk=task_id)
        feed = raise_feeds([posting_id])[posting_id]
        task = CheckTask.objects.select_for_update().get(pk=task_id)
        # Handed over between the two reads: lock the new holder's feed as well.
        if task.posting_id == posting_id:
            return task, feed


def return_task(
    task_id: int, question: str, fields: Sequence[str], *, by: Actor, is_unended: bool = False
) -> CheckTask:
    """Sends the door back to the phone with a question and the names of the doubted questions. `is_unended`: somebody
    was there and did not say on what ground it should be ended, so that it never left the phone.

    Part of returning a finding or a case. Raises OutOfOrder when nobody was there yet, or the task was cancelled.
    """
    task, feed = locked_task(task_id)
    is_live = task.state in (TaskState.OPEN, TaskState.RETURNED)
    states.move(task, "ask_ground" if is_unended and is_live else "send_back")
    task.question, task.question_fields, task.feed = question, list(fields), feed
    task.question_by_id, task.question_at = by.person_id, now()
    task.save(update_fields=["state", "question", "question_fields", "question_by", "question_at", "feed"])
    return task


def finish_task(task_id: int) -> CheckTask:
    """The review of its visit is over. A task in another state (cancelled, sent back by a case) stays there; of one
    that was done before, the phone hears what holds there now."""
    task, feed = locked_task(task_id)
    if task.state in (TaskState.VISITED, TaskState.DONE):
        states.move(task, "finish")
        task.feed = feed
        task.save(update_fields=["state", "feed"])
    return task


def keep_open(task_id: int) -> None:
    """The review of its visit is over and concluded nothing: somebody has to go there still."""
    task, feed = locked_task(task_id)
    if task.state == TaskState.VISITED:
        states.move(task, "reopen")
        task.feed = feed
        task.save(update_fields=["state", "feed"])


def show_again(tasks: Iterable[CheckTask], feeds: dict[int, int]) -> None:
    """Doors that stay as they are though somebody reported of them: their phones, which took them for done, hear so.
    The postings are locked already."""
    for task in tasks:
        CheckTask.objects.filter(pk=task.pk).update(state=task.state, feed=feeds[task.posting_id])


def drop_questions(task_ids: Collection[int]) -> int:
    """Part of an action that settles what these doors were asked again: they leave the list of the phone.

    Answers how many were waiting; a door visited meanwhile, or never sent back, stays as it is.
    """
    rows = CheckTask.objects.filter(pk__in=task_ids, state=TaskState.RETURNED)
    while postings := set(rows.values_list("posting_id", flat=True)):
        feeds = raise_feeds(postings)
        tasks = list(rows.select_for_update())
        # Handed over between the two reads: lock the new holders' feeds as well.
        if feeds.keys() >= {task.posting_id for task in tasks}:
            return _drop(tasks, feeds)
    return 0


def _drop(tasks: Sequence[CheckTask], feeds: dict[int, int]) -> int:
    for task in tasks:
        states.move(task, "drop_question")
        task.question, task.question_fields, task.feed = "", [], feeds[task.posting_id]
    CheckTask.objects.bulk_update(tasks, ["state", "question", "question_fields", "feed"], batch_size=500)
    return len(tasks)


def carry_to_door(subject_id: int, count: int) -> bool:
    """The subject's newest task says how many documents wait at its door, older ones none; phones learn of it.

    False when nobody's phone shows a door of this subject: never sent out, cancelled, or the posting ended.
    """
    rows = CheckTask.objects.filter(subject=subject_id).exclude(state=TaskState.CANCELLED)
    while True:
        newest = rows.select_related("posting").order_by("-pk").first()
        if newest is None:
            return False
        told = rows.filter(Q(notices__gt=0) | Q(pk=newest.pk))
        feeds = raise_feeds(posting for posting in told.values_list("posting_id", flat=True))
        tasks = list(told.select_for_update())
        # Handed over between the two reads: lock the new holders' feeds as well.
        if feeds.keys() >= {task.posting_id for task in tasks}:
            break
    for task in tasks:
        task.notices = count if task.pk == newest.pk else 0
        task.feed = feeds[task.posting_id]
    CheckTask.objects.bulk_update(tasks, ["notices", "feed"])
    until = newest.posting.valid_to
    return until is None or until >= today()


def save_next_try(task: CheckTask, feed: int) -> None:
    """When somebody goes to this door again; its posting is locked already. Phones learn of it."""
    CheckTask.objects.filter(pk=task.pk).update(come_again_on=task.come_again_on, feed=feed)


def come_again(task_id: int, day: date | None) -> bool:
    """The door that was left open waits for this day. False where nobody goes there any more: the round ended."""
    task, feed = locked_task(task_id)
    if task.state not in (TaskState.OPEN, TaskState.RETURNED):
        return False
    task.come_again_on = day
    save_next_try(task, feed)
    return True


def save_visited(tasks: Iterable[CheckTask], feeds: dict[int, int]) -> None:
    """Tasks just moved by visits: one statement for each posting."""
    by_posting: dict[int, list[int]] = {}
    for task in tasks:
        by_posting.setdefault(task.posting_id, []).append(task.pk)
    for posting_id, ids in by_posting.items():
        with connection.cursor() as cursor:
            cursor.execute(_VISITED.format(among=numbers_in()), [feeds[posting_id], number_list(ids)])
