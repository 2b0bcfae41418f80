"""What a verification found, in words for an auditor. Pure; shared by the case check and the full check."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

# An entry is written at the end of its act; longer than this between its time and its commit is not honest work.
LATE_COMMIT = timedelta(minutes=5)
# Clocks of several servers may differ a little.
CLOCK_SKEW = timedelta(seconds=5)
# What spoilt JSON may raise: deep nesting, numbers no integer takes, things of another type.
SPOILT = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)


class Kind(StrEnum):
    """Why an export is not what was sealed. The value is what the report prints."""

    CHANGED = "内容被改动"
    MISSING = "条目缺失"
    REORDERED = "次序被调换"
    BACKDATED = "时间倒签"
    POSTDATED = "时间超前"
    CUT_OFF = "末尾被截去"
    FOREIGN = "混入他案"
    SIGNATURE = "签名无效"
    UNPROVEN = "证明不足"
    REWRITTEN = "日志被改写"


class Unusable(Exception):
    """The file cannot be checked at all; the text says why, in Chinese."""


@dataclass(slots=True)
class Report:
    """Findings make the export refused; what is unproven keeps it from being proven; remarks do neither."""

    checked: int = 0
    findings: list[tuple[Kind, str]] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    # Up to which checkpoint the file speaks, in words.
    upto: str = ""

    def found(self, kind: Kind, text: str) -> None:
        self.findings.append((kind, text))

    def kinds(self) -> set[Kind]:
        return {kind for kind, _ in self.findings}

    @property
    def exit_code(self) -> int:
        """0 proven, 1 broken, 2 not proven."""
        return 1 if self.findings else 2 if self.unproven else 0

    def lines(self) -> list[str]:
        """What was found, and in the last line the verdict: 核验通过 stands there for the proven alone."""
        lines = [f"【{kind.value}】{text}" for kind, text in self.findings[:50]]
        if len(self.findings) > 50:
            lines.append(f"……另有 {len(self.findings) - 50} 处问题未逐条列出。")
        lines += [f"提示：{remark}" for remark in self.remarks]
        lines += [f"没有证明：{why}" for why in self.unproven]
        if self.upto:
            lines.append(f"核对到：{self.upto}。在它之后写入的，不在本文件的证明之内。")
        if self.findings:
            return [*lines, f"核验不通过：共发现 {len(self.findings)} 处问题。"]
        if self.unproven:
            return [
                *lines,
                f"不能证明：{self.checked} 条台账彼此相符，但是不能据此断定它们就是封存时的内容。",
            ]
        return [
            *lines,
            f"核验通过：{self.checked} 条台账与封存时完全一致，没有改动、缺失、调换、倒签或截尾。",
        ]
