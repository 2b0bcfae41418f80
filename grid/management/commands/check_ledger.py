"""manage.py check_ledger: the whole ledger against its seal, now. Exit code 0 whole, 1 with findings, 2 not possible."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from grid import problems
from grid.ledger import keys, notes
from grid.ledger.queries.walk import Place
from grid.watch import actions, queries
from grid.watch.models import Alarm, Part

FOREVER = 10.0**9


class Command(BaseCommand):
    help = "核对整本台账：原文、检索栏、封存树、签名、计数和触发器。发现异常即发出警报，退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new", action="store_true", help="只核对上次自检之后的条目")
        parser.add_argument("--resume", action="store_true", help="接着上次没有做完的全部核对，不从头开始")
        parser.add_argument(
            "--known", type=Path, help="以前取走的封存点（checkpoint.txt），核对它仍在日志之内"
        )

    def handle(self, *, new: bool, resume: bool, known: Path | None, **options: object) -> None:
        part = Part.NEW if new else Part.FULL
        try:
            lines = self._known(known) if known else []
            if not (new or resume):
                actions.begin_anew(part)
            began = queries.last_round(part)
            raised = actions.look_quickly() + actions.look_on(part, FOREVER, told=self._write_progress)
        except (DatabaseError, OSError, ValueError, problems.Problem) as error:
            self.stderr.write(f"无法核对：{error}")
            sys.exit(2)
        done = queries.last_round(part)
        if done is None or done == began:
            self.stderr.write("另一次自检正在进行，请稍后再试。")
            sys.exit(2)
        self._report(lines, raised, done.checked, queries.found_now(part))

    def _write_progress(self, place: Place, size: int) -> None:
        if place.index >= size or place.index % 102_400 == 0:
            self.stdout.write(f"· 已核对到第 {place.index} 条，共 {size} 条")

    def _known(self, file: Path) -> list[str]:
        """What is wrong with a checkpoint that was taken away before."""
        text = file.read_text()
        tree = notes.parse(text)
        if not keys.ring().signed(text, tree.at):
            return ["带来的封存点，签名与本系统的公钥不符"]
        stored = queries.checkpoint_of(tree.size)
        if stored is None or bytes(stored.root) != tree.root:
            return [f"带来的封存点（{tree.size} 条）已不在日志之内：末尾被截去，或日志被改写"]
        return []

    def _report(self, lines: list[str], raised: list[Alarm], checked: int, found: list[str]) -> None:
        for line in [*lines, *found]:
            self.stdout.write(f"【异常】{line}")
        if raised:
            self.stdout.write(
                f"新发出警报 {len(raised)} 条，见“台账自检”页；须由市扩面办和审计各一人分别查明。"
            )
        if lines or found:
            self.stdout.write(f"核对不通过：核对 {checked} 条，发现 {len(lines) + len(found)} 处异常。")
            sys.exit(1)
        self.stdout.write(f"核对通过：{checked} 条台账的原文、检索栏、封存树、签名、计数和触发器都一致。")
