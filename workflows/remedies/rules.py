"""A review or a suit as it is filed and as it ends, what it suspends, and when its outcome may be entered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Challenge:
    """A review ("review") or suit ("suit") that `body` accepted. `target`: "penalty" or "listing". `stay_number`: the
    order by which execution is stayed at once."""

    kind: str
    body: str
    filed_on: date
    target: str = ""
    stay_number: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", self.body.strip())
        object.__setattr__(self, "stay_number", self.stay_number.strip())


@dataclass(frozen=True, slots=True)
class Ending:
    """How a remedy ended. `effective_on`: since when a judgment binds. `fine`: what a changed penalty comes to."""

    outcome: str
    number: str
    decided_on: date
    effective_on: date | None = None
    fine: Decimal | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", self.number.strip())


@dataclass(frozen=True, slots=True)
class Effect:
    """What a remedy does to one consequence, and the clause that says so."""

    what: str
    is_suspended: bool
    says: str
    basis: str


def effects(target: str, kind: str, *, stayed: bool) -> list[Effect]:
    """What 复议 or 诉讼 against `target` ("penalty", "listing") suspends; `stayed` after an order to stay execution.

    Execution goes on unless it is stayed (行政处罚法 73, 行政复议法 42, 行政诉讼法 56). The surcharge stands still and
    the court is not asked while the remedy runs (行政处罚法 73, 行政强制法 53).
    """
    by = "《行政复议法》第42条" if kind == "review" else "《行政诉讼法》第56条"
    if target == "listing":
        return [
            Effect("publication", stayed, "暂停公示" if stayed else "公示不停止", by),
            Effect("sanctions", stayed, "暂停惩戒措施" if stayed else "惩戒措施不停止", by),
        ]
    return [
        Effect(
            "performance",
            stayed,
            "处罚暂停执行" if stayed else "处罚不停止执行",
            f"《行政处罚法》第73条、{by}",
        ),
        Effect("surcharge", True, "加处罚款的数额在复议或诉讼期间不予计算", "《行政处罚法》第73条第3款"),
        Effect("court", True, "复议或诉讼期间不申请法院强制执行", "《行政强制法》第53条"),
        Effect("proposal", True, "处罚决定未定，不据此决定列入名单", "人社部规〔2019〕2号第五条第（一）项"),
    ]


def binds(kind: str, outcome: str, decided_on: date, effective_on: date | None, on: date) -> bool:
    """Whether an outcome may be entered on day `on`. A judgment binds when nobody appealed within 15 days of its
    service (a ruling: 10), or with the second instance (行政诉讼法 第85条), so the day since when is told; a review's
    decision binds with its service (行政复议法 第75条), a suit given up ends with the ruling, open to no appeal.

    >>> binds("suit", "quashed", date(2026, 3, 2), None, date(2026, 4, 1))
    False
    >>> binds("suit", "quashed", date(2026, 3, 2), date(2026, 3, 24), date(2026, 3, 23))
    False
    >>> binds("suit", "quashed", date(2026, 3, 2), date(2026, 3, 24), date(2026, 3, 24))
    True
    """
    if effective_on is None:
        return kind != "suit" or outcome == "withdrawn"
    return decided_on <= effective_on <= on
