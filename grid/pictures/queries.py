"""What the desk shows of a picture somebody sent: made once, kept beside the original under its name."""

import logging
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grid.confined import ReaderDied, read_confined
from grid.keeping import keep_file, missing, stored
from grid.pictures import problems as pictures_problems

log = logging.getLogger(__name__)
READER: Final = "grid.pictures.rules:look"
KINDS: Final = {"jpg": "image/jpeg", "png": "image/png"}
_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """`look` is a word of `rules.look`, or `died`; `path` below FILES is empty where there is nothing to show."""

    look: str
    path: str = ""


def shown_of(originals: Sequence[Path]) -> list[Shown]:
    """Opens these files in a process that may die and keeps what can be shown of each, in their order.

    A file's name is the hash of its bytes. Where the process died nobody knows of which file: then each is opened in
    one of its own. Raises NoRoom.
    """
    if not originals:
        return []
    try:
        answers = list(read_confined(READER, *map(str, originals), seconds=_SECONDS * len(originals)))
    except ReaderDied as death:
        if len(originals) > 1:
            return [shown for original in originals for shown in shown_of([original])]
        log.warning("picture %s ended its reader: %s", originals[0].name, death)
        return [Shown("died")]
    return [_kept(original.name, answer) for original, answer in zip(originals, answers, strict=True)]


def _kept(name: str, answer: dict[str, str]) -> Shown:
    if "picture" not in answer:
        return Shown(answer["look"])
    path = f"shown/{name[:2]}/{name}.{answer['kind']}"
    content = b64decode(answer["picture"])
    keep_file(stored(path), [content], len(content))
    return Shown(answer["look"], path)


def handed_out(original: Path) -> Path:
    """The picture to hand out instead of an original that was never looked at in a row: made at its first show.

    Raises PictureUnshown where it cannot be opened, FileMissing, NoRoom.
    """
    for kind in KINDS:
        made = stored(f"shown/{original.name[:2]}/{original.name}.{kind}")
        if made.is_file():
            return made
    if not original.is_file():
        raise missing(original)
    (shown,) = shown_of([original])
    if not shown.path:
        raise pictures_problems.PictureUnshown()
    return stored(shown.path)


def kind_of(picture: Path) -> str:
    """The content type of a picture of our making."""
    return KINDS[picture.suffix[1:]]
