"""manage.py database_roles: after every migrate, as the owner: what the services and the clock may do to each table."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from grid.ledger.triggers import guards
from grid.watch.triggers import roles


class Command(BaseCommand):
    help = "给服务角色和时钟角色授予各表的权限（以属主身份、在每次 migrate 之后运行，可重复）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--service", default="grid_service", help="页面、实时和后台任务的数据库角色")
        parser.add_argument("--clock", default="grid_clock", help="时钟（封存）的数据库角色")
        parser.add_argument(
            "--restore-guards", action="store_true", help="重装被改动或缺失的触发器，先列出来"
        )

    def handle(self, *, service: str, clock: str, restore_guards: bool, **options: object) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("只有 PostgreSQL 有角色；SQLite 的文件属于谁，谁就能改。")
        wrong = guards.differing(connection)
        for what in wrong.values():
            self.stdout.write(f"【异常】{what}")
        try:
            with transaction.atomic():
                if restore_guards:
                    guards.install(connection)
                with connection.cursor() as cursor:
                    for statement in roles.grants(service, clock):
                        cursor.execute(statement)
        except DatabaseError as error:
            raise CommandError(f"没有改动任何权限：{error}（先以 deploy/roles.sql 建好角色）") from error
        self.stdout.write(f"已授权：{service}、{clock}。")
        if wrong and not restore_guards:
            raise CommandError("触发器与程序不一致；查明之后以 --restore-guards 重装。")
