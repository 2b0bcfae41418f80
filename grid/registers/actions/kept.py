"""Files that wait to be read or decided about: they hold more personal data than the facts taken from them."""

from pathlib import Path
from typing import Final

from django.conf import settings

from grid.keeping import keep_file
from grid.registers.models import Delivery

_PIECE: Final = 1024 * 1024


def kept_at(delivery: Delivery) -> Path:
    """Where an uploaded file waits until it has been read. The same bytes may be two deliveries."""
    return Path(settings.FILES) / "deliveries" / f"{delivery.register}-{delivery.pk}-{delivery.sha256}"


def changes_at(delivery: Delivery) -> Path:
    """Where the list of what it would change waits beside it."""
    return kept_at(delivery).with_suffix(".changes")


def keep(path: Path, delivery: Delivery) -> None:
    """A file read from the disk waits where an uploaded one would. Whole or not at all. Raises NoRoom."""
    with path.open("rb") as file:
        keep_file(kept_at(delivery), iter(lambda: file.read(_PIECE), b""), path.stat().st_size)


def drop_kept(delivery: Delivery) -> None:
    """Both go once the file was read or given up."""
    kept_at(delivery).unlink(missing_ok=True)
    changes_at(delivery).unlink(missing_ok=True)
