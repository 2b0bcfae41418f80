"""manage.py backup DIR: a whole copy of the city: database, files, keys. Exit code 0 only when it is whole."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from project.backup import NotPossible
from project.backup.making import make_backup
from project.backup.manifest import read_manifest


class Command(BaseCommand):
    help = "把数据库、文件和密钥完整备份到目录下的一个新文件夹；过期的备份随后清除（7 天、5 周、12 月）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--keys", type=Path, help="环境文件（*.env）所在的目录，默认 /etc/grid")
        parser.add_argument("--without-keys", action="store_true", help="不含密钥：密钥另有保管")
        parser.add_argument("--keep-all", action="store_true", help="不清除过期的备份")

    def handle(
        self, folder: Path, keys: Path | None, without_keys: bool, keep_all: bool, **options: object
    ) -> None:
        try:
            made = make_backup(
                folder, keys=keys, without_keys=without_keys, keep_all=keep_all, tell=self.stdout.write
            )
        except NotPossible as reason:
            raise CommandError(str(reason)) from reason
        manifest = read_manifest(made)
        self.stdout.write(
            f"已备份到 {made}：{sum(manifest.tables.values())} 行、{manifest.files} 份文件"
            f"（{manifest.files_size >> 20} MB）、台账封存 {manifest.ledger_size} 条，用时 {manifest.seconds} 秒。"
        )
        if not manifest.sealed:
            self.stdout.write("【注意】这一份没有密钥：没有设置 BACKUP_ESCROW_KEY。")
