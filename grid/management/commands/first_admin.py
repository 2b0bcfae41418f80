from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.accounts.rules import FIRST_CODE_DAYS, code_shown
from grid.people.actions import add_first_admin
from grid.scope import Role, machine
from grid.territory import problems as territory_problems


class Command(BaseCommand):
    help = (
        "Makes the first person of the city office and prints a one-time code to set a password with; everybody else "
        "is added in the browser. Needs the city's division (import_divisions)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="what they type to sign in")
        parser.add_argument("full_name")
        parser.add_argument("--area", default=settings.CITY, help="code of the city")
        parser.add_argument(
            "--role", choices=[Role.CITY.value, Role.PERSONNEL.value], default=Role.CITY.value,
            help="personnel: when nobody is left who gives the posts that watch and decide",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        role = Role(options["role"])
        try:
            person, code = add_first_admin(
                options["username"], options["full_name"], options["area"], role=role, by=machine("命令行")
            )
        except territory_problems.UnknownArea as problem:
            raise CommandError(
                f"{problem.title}：{problem.detail}请先载入行政区划（import_divisions），再办理。[{problem.code}]"
            ) from problem
        except problems.Problem as problem:
            raise CommandError(
                f"{problem.title}：{problem.detail}{problem.advice} [{problem.code}]"
            ) from problem
        lasts = f"{FIRST_CODE_DAYS} 天" if not person.has_usable_password() else "30 分钟"
        self.stdout.write(f"{person.full_name}（登录名 {person.username}）：{role.label}")
        self.stdout.write(f"一次性码 {code_shown(code)}（只显示这一次，{lasts}内有效）")
        self.stdout.write(f"在 {settings.ORIGIN}/accounts/password/reset/ 用它设置密码，再登录。")
        if role == Role.CITY:
            self.stdout.write(
                "之后在“人员”里新增其他人；先请一人任组织人事，审计员等监督岗位由组织人事安排。"
            )
