"""manage.py rotate_key NAME: a new key takes over while everybody works; run again after an interruption, it goes on."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from grid import problems
from grid.calendar.now import CITY_TIME
from grid.ledger import keys
from grid.rotation import actions, queries
from grid.scope import machine

STEP = 10_000


class Command(BaseCommand):
    help = (
        "更换密钥。先把新密钥写在旧密钥之前（逗号隔开；codes 写入 CODES_KEY_FALLBACKS），重启各个服务，再执行。"
        "privacy 个人信息密钥（以数据库所有者身份执行）；blind 检索指纹密钥；codes 编码签名密钥；"
        "ledger 台账签名密钥（以时钟服务身份执行）。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=["privacy", "blind", "codes", "ledger"])

    def handle(self, *, name: str, **options: object) -> None:
        self._next = STEP
        act = {"privacy": self._privacy, "blind": self._blind, "codes": self._codes, "ledger": self._ledger}[
            name
        ]
        try:
            act()
        except problems.Problem as problem:
            raise CommandError(
                f"{problem.title}：{problem.detail}{problem.advice} [{problem.code}]"
            ) from problem
        except keys.NoSigningKey as missing:
            raise CommandError(f"请以时钟服务的环境执行：{missing}") from missing

    def _write_progress(self, count: int) -> None:
        if count >= self._next:
            self._next = count + STEP
            self.stdout.write(f"· 已改写 {count} 处")

    def _privacy(self) -> None:
        done = actions.rotate_privacy_key(by=machine("rotate_key"), told=self._write_progress)
        self.stdout.write(
            f"个人信息密钥已换成 {done.new}，本次改写 {done.count} 处，没有一处还用旧密钥（{done.old}）。"
        )
        self.stdout.write(
            "现在可以从 PRIVACY_KEY 中去掉旧密钥。以前的备份仍要用它：备份留存多久，就另行封存多久。"
        )

    def _blind(self) -> None:
        done = actions.rotate_blind_key(by=machine("rotate_key"), told=self._write_progress)
        self.stdout.write(f"检索指纹密钥已换成 {done.new}，本次改写 {done.count} 处。")
        if done.kept:
            self.stdout.write(
                f"有 {done.kept} 名人员的证件号码本系统不留存，指纹无法改写：旧密钥（{done.old}）必须留在 "
                "BLIND_INDEX_KEY 里，否则认不出他们。"
            )
        else:
            self.stdout.write("现在可以从 BLIND_INDEX_KEY 中去掉旧密钥。")

    def _codes(self) -> None:
        done = actions.rotate_codes_key(by=machine("rotate_key"))
        self.stdout.write(f"编码签名密钥已换成 {done.new}，以后的门牌码、登记码和文书校验码用它签名。")
        self.stdout.write(
            f"已经贴出的门牌和送出的文书认旧密钥（{done.old}）：它须留在 CODES_KEY_FALLBACKS，直到它们全部换过。"
        )

    def _ledger(self) -> None:
        told = actions.hand_over_ledger_key(by=machine("rotate_key"))
        at = told.at.astimezone(CITY_TIME)
        self.stdout.write(f"台账签名密钥已于 {at:%Y-%m-%d %H:%M:%S} 交接，交接声明已由旧密钥签名并封存。")
        self.stdout.write(
            "现在可以从 LEDGER_KEY 中去掉旧密钥；LEDGER_PUBLIC_KEY 用旧公钥或新公钥都可以。新公钥："
        )
        self.stdout.write(keys.public_key_pem())
        self.stdout.write("请公布新公钥；旧公钥仍可核验全部台账，核验程序沿交接声明找到新公钥。")
        if left := queries.open_rotation():
            self.stdout.write(f"另有{left.data['key']}的更换没有完成。")
