from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid.territory.models import Area
from project.demo.stage import set_stage
from project.demo.story import play


class Command(BaseCommand):
    help = (
        "Plays one finding through all stations on an empty database (make story makes one), and prints it."
    )

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("只有演示模式（DEMO=1）才能演示，时间要向前走。")
        if Area.objects.exists():
            raise CommandError("这个数据库里已有数据。请用 make story，它用自己的空数据库。")
        told = play(set_stage(self._write))
        self._write("")
        self._write(f"台账导出在 {told.export}，可再次核验。")
        if told.verified != 0:
            raise CommandError("台账核验没有通过。")

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
