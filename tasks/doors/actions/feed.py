"""Numbers of changes that a posting's phones pull (see Posting.feed).

Whoever writes a task first raises the feed of its posting, here. The raised row stays locked until the
transaction ends, so the changes of one posting commit in the order of their numbers, and the lock on the
posting also is the lock on its tasks.
"""

from collections.abc import Iterable

from django.db import connection

from grid.territory.models import Posting


def raise_feeds(posting_ids: Iterable[int]) -> dict[int, int]:
    """Locks these postings, in order of id so that two cannot deadlock, and answers each one's new number."""
    ids = sorted(set(posting_ids))
    if len(ids) > 1:
        list(
            Posting.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk")
        )
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "grid_posting" SET "feed" = "feed" + 1 WHERE "id" IN ({marks}) RETURNING "id", "feed"',
            ids,
        )
        return dict(cursor.fetchall())
