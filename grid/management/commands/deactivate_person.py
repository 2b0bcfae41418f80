from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.scope import machine
from grid.territory.actions import deactivate_person
from grid.territory.queries import person_named


class Command(BaseCommand):
    help = "Shuts an account at once: no sign-in, its posts end today. For the operator when nobody at a desk can."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="why, as it will stand in the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = person_named(options["username"])
            deactivate_person(person, reason=options["reason"], by=machine("命令行"))
        except problems.Problem as problem:
            raise CommandError(f"{problem.title}：{problem.detail} [{problem.code}]") from problem
        self.stdout.write(f"已停用 {person.full_name}（{person.username}）的账号，名下岗位今天结束。")
