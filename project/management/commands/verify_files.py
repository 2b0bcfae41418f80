"""manage.py verify_files: every stored file against its row. Exit code 0 whole, 1 something is missing or altered."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from project.backup.verifying import Flaw, note, verify_files

SHOWN = 50


class Command(BaseCommand):
    help = (
        "核对每一份保存的文件：缺失、被改动（SHA-256）、无人引用。结果留给 doctor；有缺失或改动时退出码为 1。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help=f"列出全部，不只前 {SHOWN} 个")

    def handle(self, **options: object) -> None:
        verdict = verify_files()
        note(verdict)
        most = None if options["all"] else SHOWN
        self._list("缺失", verdict.missing[:most], len(verdict.missing))
        self._list("改动", verdict.altered[:most], len(verdict.altered))
        for path in verdict.orphans[:most]:
            self.stdout.write(f"【无人引用】{path}")
        self.stdout.write(
            f"核对 {verdict.checked} 份：缺失 {len(verdict.missing)}，改动 {len(verdict.altered)}，"
            f"无人引用 {len(verdict.orphans)}（{verdict.orphan_bytes >> 10} KB），"
            f"其他用户可读 {verdict.wide}，用时 {verdict.seconds} 秒。"
        )
        if verdict.wide:
            self.stdout.write("其他用户可读的，用 manage.py sweep 收紧。")
        if not verdict.is_whole:
            self.stdout.write("缺失和改动的，从最近一份完好的备份的 files/ 里按同一路径找回。")
            sys.exit(1)

    def _list(self, word: str, flaws: list[Flaw], total: int) -> None:
        for flaw in flaws:
            self.stdout.write(f"【{word}】{flaw.shelf} {flaw.said}：{flaw.path}")
        if total > len(flaws):
            self.stdout.write(f"【{word}】……共 {total} 份")
