import os
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from grid import problems
from grid.accounts.actions import give_first_codes
from grid.accounts.rules import FIRST_CODE_DAYS, code_shown
from grid.people.actions import enter_people
from grid.people.queries.judging import ADDED, NEW, OUTCOMES, REFUSED, Judged, judge
from grid.people.reading import read_people
from grid.people.rules import SheetLine
from grid.scope import Actor, machine
from grid.sheets import csv_lines


class Command(BaseCommand):
    help = "Adds the people of a CSV or XLSX file with their posts and prints what became of its lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="tells what would become of them")
        parser.add_argument(
            "--codes",
            type=Path,
            help=f"new file for one-time codes of the new people ({FIRST_CODE_DAYS} days)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"没有文件 {file}")
        by = machine("命令行")
        try:
            lines = read_people(file, file.name)
            judged = judge(lines, by) if options["dry_run"] else self._enter(lines, options, by)
        except problems.Problem as problem:
            raise CommandError(
                f"{problem.title}：{problem.detail}{problem.advice} [{problem.code}]"
            ) from problem
        self._write_outcomes(judged)

    @transaction.atomic
    def _enter(self, lines: list[SheetLine], options: dict[str, Any], by: Actor) -> list[Judged]:
        judged = enter_people(lines, options["file"].name, by=by)
        new = [line.standing.person.pk for line in judged if line.standing and line.outcome in (NEW, ADDED)]
        if options["codes"] and new:
            self._write_codes(options["codes"], new, by)
        return judged

    def _write_codes(self, path: Path, people: list[int], by: Actor) -> None:
        """Before the transaction ends: people whose codes could not be written down are not added."""
        given = give_first_codes(people, reason="首次登录", by=by)
        try:
            where = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"不能新建文件 {path}：{error.strerror}") from error
        with os.fdopen(where, "w", encoding="utf-8", newline="") as out:
            rows = [(person.full_name, person.username, code_shown(code)) for person, code in given]
            out.writelines(csv_lines([("姓名", "登录名", "首次登录码"), *rows]))
        self.stdout.write(
            f"登录码 {len(given)} 个写入 {path}；在 {settings.ORIGIN}/accounts/password/reset/ 使用"
        )

    def _write_outcomes(self, judged: list[Judged]) -> None:
        counts = Counter(line.outcome for line in judged)
        self.stdout.write("，".join(f"{OUTCOMES[key]} {counts[key]} 行" for key in OUTCOMES if counts[key]))
        for line in judged:
            if line.outcome == REFUSED and line.problem:
                told = line.told
                self.stdout.write(f"  第{told['line']}行 {told['name']} {told['code']} {told['reason']}")
