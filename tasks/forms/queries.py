"""What registers know of many subjects, in one query, and what of it goes into a form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grid.law.queries import Law
from grid.prepared import Given, Prepared
from grid.registers.models import Register, Row
from grid.registers.standing import insured_heads, is_in_force
from tasks.forms.rules import COMPULSORY, Known


@dataclass(frozen=True, slots=True)
class Version:
    """The current line of one register about one subject."""

    data: Mapping[str, Any]
    as_of: date


_CURRENT = Prepared(
    lambda: Row.objects.filter(subject__one_of=Given("subjects"), until=None).values_list(
        "subject", "register", "data", "delivery__as_of"
    )
)


def facts_for(subject_ids: Collection[int]) -> dict[int, dict[str, Version]]:
    """subject → register → its current line; subjects without any are left out. One query."""
    found: dict[int, dict[str, Version]] = {}
    for subject, register, data, as_of in _CURRENT(subjects=subject_ids) if subject_ids else ():
        found.setdefault(subject, {})[register] = Version(data, as_of)
    return found


def known_of(facts: Mapping[str, Version]) -> Known:
    """The numbers the measures are reckoned with; taxed heads without those who need not be insured here."""
    taxed = _count(facts, Register.TAX, "heads")
    exempt = _count(facts, Register.TAX, "exempt_heads") or 0
    return Known(
        insured=_insured(facts),
        taxed=None if taxed is None else max(taxed - exempt, 0),
        types=_heads_by_type(facts),
    )


def with_base(known: Known, facts: Mapping[str, Version], law: Law) -> Known:
    """With the monthly base the register has beside what the declared wages make due: no less than the floor, no more
    than the ceiling of the day (社会保险法 第十二条). Unchanged where one of them is not known."""
    social, tax = facts.get(Register.SOCIAL), facts.get(Register.TAX)
    limits = law.some("base.floor", "base.ceiling")
    if social is None or tax is None or len(limits) < 2:
        return known
    wages, heads, base = _amount(tax, "wages"), _count(facts, Register.TAX, "heads"), _amount(social, "base")
    if not wages or not heads or not base:
        return known
    floor, ceiling = (Decimal(str(limits[f"base.{name}"].value)) for name in ("floor", "ceiling"))
    due = min(max(wages / heads, floor), ceiling)
    return replace(known, base=base, base_due=due.quantize(Decimal("0.01"), ROUND_HALF_UP))


def prefill_of(facts: Mapping[str, Version], names: Collection[str]) -> dict[str, dict[str, object]]:
    """question → {value, source, as_of} for those of `names` that a register answers."""
    values = (
        ("employees", Register.TAX, _count(facts, Register.TAX, "heads")),
        ("insured_seen", Register.SOCIAL, _insured(facts)),
        ("types_seen", Register.SOCIAL, _types(facts)),
    )
    return {
        name: {"value": value, "source": str(register.label), "as_of": facts[register].as_of.isoformat()}
        for name, register, value in values
        if name in names and value not in (None, [])
    }


def _insured(facts: Mapping[str, Version]) -> int | None:
    """The heads insured, none where the registration ended or stopped; None where the register counts nobody."""
    social = facts.get(Register.SOCIAL)
    if social is None:
        return None
    counted = any(isinstance(social.data.get(name), int) for name in ("insured", *COMPULSORY))
    return insured_heads(social.data) if counted or not is_in_force(Register.SOCIAL, social.data) else None


def _types(facts: Mapping[str, Version]) -> list[str]:
    return [name for name, heads in _heads_by_type(facts).items() if heads]


def _heads_by_type(facts: Mapping[str, Version]) -> dict[str, int]:
    """Heads in each compulsory insurance the register counts; none where the registration ended or stopped."""
    social = facts.get(Register.SOCIAL)
    if social is None or not is_in_force(Register.SOCIAL, social.data):
        return {}
    counts = ((name, _count(facts, Register.SOCIAL, name)) for name in COMPULSORY)
    return {name: heads for name, heads in counts if heads is not None}


def _amount(version: Version, key: str) -> Decimal | None:
    value = version.data.get(key)
    return None if value in (None, "") else Decimal(str(value))


def _count(facts: Mapping[str, Version], register: str, key: str) -> int | None:
    version = facts.get(register)
    value = version.data.get(key) if version else None
    return value if isinstance(value, int) else None
