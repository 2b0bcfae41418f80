"""PDF files, pictures and documents that people hand in, looked at before they are kept: in a process that may die."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from django.utils.translation import gettext_lazy as _

from grid.confined import ReaderDied, read_confined
from grid.keeping import on_disk
from grid.texts import Text

MEMORY: Final = 512 * 1024 * 1024
SECONDS: Final = 4  # of a processor, for each file; an honest one of ten megabytes takes one

WORDS: Final[Mapping[str, Text]] = {
    "active": _("内含脚本、宏、自动动作、表单提交或附件"),
    "locked": _("设有密码或者经过加密"),
    "damaged": _("已损坏或者不合规范，无法检查"),
    "too-large": _("内容过多，超出可检查的限度"),
    "died": _("检查所需的内存或时间超出限度"),
    "no-picture": _("不是能打开的图片"),
}


def faults_of(contents: Sequence[bytes]) -> list[str]:
    """For each file a word of WORDS, empty where it may be kept. One child looks at all of them; after a file that
    ended it, another goes on with the rest."""
    if not contents:
        return []
    with ExitStack() as stack:
        paths = [str(stack.enter_context(on_disk([content]))) for content in contents]
        told: list[str] = []
        try:
            seconds = SECONDS * len(paths)
            for fault in read_confined("grid.paper_reader:look", *paths, memory=MEMORY, seconds=seconds):
                told.append(fault)
        except ReaderDied:
            return [*told, "died", *faults_of(contents[len(told) + 1 :])]
    return told
