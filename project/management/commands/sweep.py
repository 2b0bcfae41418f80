"""manage.py sweep: what is past its term goes now, and files others could read are closed. --terms: only the table."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid.keeping import tighten
from project.sweeping import SWEEPS, SweepFailed, sweep_all


class Command(BaseCommand):
    help = "清除到期的会话、任务结果、半截文件等（时钟每小时也做一次），并收紧文件权限；--terms 只列期限"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--terms", action="store_true", help="只列出各项期限和理由")

    def handle(self, terms: bool, **options: object) -> None:
        if terms:
            for sweep in SWEEPS:
                self.stdout.write(f"{sweep.what}：{sweep.term} 天。{sweep.why}")
            return
        try:
            gone = sweep_all()
        except SweepFailed as failed:
            raise CommandError(f"没有全部清除（日志写明原因）：{failed}") from failed
        for what, count in gone.items():
            self.stdout.write(f"{what}：{count}")
        closed = tighten(Path(settings.FILES)) + tighten(Path(settings.FILE_UPLOAD_TEMP_DIR))
        self.stdout.write(f"收紧权限的文件和目录：{closed}")
