"""manage.py personal_data SUBJECT: what is kept of a subject; --reveal, --ask and --decide act in the name of --by."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.ledger.rules import word
from grid.personal import actions, queries
from grid.personal.models import ForgettingReason, RevealReason
from grid.scope import Actor
from grid.territory.queries import actor_named


class Command(BaseCommand):
    help = "列出、查看或遗忘一个对象的个人信息；以 --by 所指的工作人员办理，权限和限制与页面相同"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subject", type=int, help="对象编号")
        parser.add_argument("--by", required=True, help="办理人的登录名")
        parser.add_argument("--reveal", type=int, metavar="ENTRY", help="查看这一条台账的个人信息")
        parser.add_argument("--ask", action="store_true", help="申请遗忘")
        parser.add_argument("--decide", choices=["grant", "refuse"], help="决定等待中的遗忘申请")
        parser.add_argument(
            "--reason", default="", help=f"{'、'.join((*RevealReason.values, *ForgettingReason.values))}"
        )
        parser.add_argument("--opinion", default="", help="说明或意见")

    def handle(self, *, subject: int, by: str, **options: Any) -> None:
        try:
            actor = actor_named(by)
            self._act(queries.kept_of(actor, subject), actor, options)
        except problems.Problem as refused:
            raise CommandError(f"{refused.title}：{refused.detail}{refused.advice}") from refused

    def _act(self, kept: queries.Kept, by: Actor, options: dict[str, Any]) -> None:
        if options["reveal"]:
            entry = queries.entry_at(by, options["reveal"])
            facts = actions.reveal_entry(entry, options["reason"], by=by)
            lines = [f"{word(name)}：{value}" for name, value in facts.items()] if facts else ["已遗忘"]
            self.stdout.write("\n".join(lines))
        elif options["ask"]:
            asked = actions.ask_forgetting(kept.subject, options["reason"], options["opinion"], by=by)
            self.stdout.write(f"已申请（第 {asked.pk} 号），由另一人决定。")
        elif options["decide"]:
            if kept.waiting is None:
                raise CommandError("没有等待决定的申请。")
            granted = options["decide"] == "grant"
            actions.decide_forgetting(kept.waiting, granted, options["opinion"], by=by)
            self.stdout.write("已准予，密钥已永久删除。" if granted else "已记下：不准予。")
        else:
            self._list(kept)

    def _list(self, kept: queries.Kept) -> None:
        self.stdout.write(f"{kept.subject.name}：台账中有 {len(kept.entries)} 条个人信息")
        for entry, is_forgotten in kept.lines:
            self.stdout.write(
                f"· {entry.pk} {entry.at:%Y-%m-%d} {entry}{'（已遗忘）' if is_forgotten else ''}"
            )
        for why in kept.needed:
            self.stdout.write(f"依法还需要：{why}")
