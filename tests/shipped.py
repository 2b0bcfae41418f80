"""The newest shipped table of a form, and the same under the version of another day: a test of forms that are changed
says nothing of which version is the newest."""

from datetime import datetime, timedelta

from tasks.forms import tables


def _newest(code: str) -> str:
    """Its day, as its file says it."""
    return max(file.stem.rpartition("-")[2] for file in tables.FOLDER.glob(f"{code}-*.md"))


def shipped(code: str) -> str:
    return (tables.FOLDER / f"{code}-{_newest(code)}.md").read_text()


def day_beside(code: str, days: int) -> str:
    """The version of a day so many days after the newest.

    >>> day_beside("employer", 0) == _newest("employer")
    True
    """
    return f"{datetime.strptime(_newest(code), '%Y%m%d') + timedelta(days):%Y%m%d}"


def at_version(code: str, version: str) -> str:
    """The newest table, said to be of another version."""
    return shipped(code).replace(f"| {_newest(code)} |", f"| {version} |")
