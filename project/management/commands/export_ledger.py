"""manage.py export_ledger CASE FILE, or --all FILE: a file that `python -m grid.ledger.verify` checks off line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.ledger import actions, keys
from grid.ledger.actions import sealer
from grid.scope import machine


class Command(BaseCommand):
    help = "导出一个案件的台账，或整本台账（--all），供离线核验"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--case", default="", help="案号")
        parser.add_argument("--all", action="store_true", help="整本台账")
        parser.add_argument("--known", type=int, help="审计方已有封存点的条数")
        parser.add_argument("--key", type=Path, help="把公钥也写到这个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["case"]) == options["all"]:
            raise CommandError("请给出 --case 案号，或者 --all")
        if keys.may_sign():
            sealer.seal_pending()
        try:
            self._write(options["file"], options["case"], options["known"])
        except problems.Problem as problem:
            raise CommandError(problem.detail) from problem
        if options["key"]:
            options["key"].write_text(keys.public_key_pem())
        self.stdout.write(f"已导出到 {options['file']}")

    def _write(self, file: Path, case: str, known: int | None) -> None:
        if case:
            file.write_bytes(actions.export_case(case, by=machine("export_ledger"), known=known))
            return
        with file.open("wb") as out:
            for piece in actions.export_everything(by=machine("export_ledger")):
                out.write(piece)
