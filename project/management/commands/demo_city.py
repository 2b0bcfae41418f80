from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from project.demo.city import fill


class Command(BaseCommand):
    help = "Fills an empty database with the demo city (示例数据). Where there is data it only adds what is new of the law."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("只有演示模式（DEMO=1）才有示例城市。")
        fill(self._write)

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
