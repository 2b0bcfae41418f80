"""manage.py restore DIR: a backup, proved beside the city and then put in its place. Exit code 0 only when it is."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from project.backup import NotPossible
from project.backup.places import Place, database_at, own_place
from project.backup.restoring import restore


class Command(BaseCommand):
    help = "从备份恢复：先在旁边恢复并核对计数、密钥、台账和每个文件，全部相符才替换；原有数据改名保留"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="一份备份，或存放备份的目录（取最新一份）"
        )
        parser.add_argument(
            "--into", type=Path, metavar="DATA_DIR", help="恢复到另一个数据目录，默认本系统的"
        )
        parser.add_argument(
            "--database", metavar="NAME",
            help="恢复到另一个数据库：同一台服务器上的库名，或完整的 URL；SQLite 默认在 --into 之下",
        )  # fmt: skip
        parser.add_argument("--replace", action="store_true", help="替换已有数据（原有的改名保留）")

    def handle(
        self, folder: Path, into: Path | None, database: str | None, replace: bool, **options: object
    ) -> None:
        own = own_place()
        url = own.url if into is None or own.engine == "postgresql" else ""
        place = Place(into.resolve() if into else own.data, database_at(own, database) if database else url)
        try:
            done = restore(folder, place, replace=replace, tell=self.stdout.write)
        except NotPossible as reason:
            raise CommandError(str(reason)) from reason
        for line in done.told:
            self.stdout.write(f"· {line}")
        self.stdout.write(f"已恢复 {done.manifest.made_at} 的备份到 {place.data}，用时 {done.seconds} 秒。")
        if done.aside:
            self.stdout.write(f"原有文件在 {done.aside}")
        if done.former and done.former != done.aside:
            self.stdout.write(f"原有数据库现名 {done.former}")
        self.stdout.write("接下来：load_law 等装载命令、启动各项服务、doctor；所有人须重新登录。")
