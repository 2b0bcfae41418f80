"""Values kept with a document, as the shape they were set from: so that the same can be set again."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")


def revived(shape: type[Shape], values: dict[str, Any]) -> Shape:
    """The inverse of storing a shape as JSON. What a former version did not know takes its default."""
    hints = get_type_hints(shape)
    known = (field.name for field in fields(shape) if field.name in values)  # type: ignore[arg-type]
    return shape(**{name: _value(hints[name], values[name]) for name in known})


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _value(_kept(arguments, value), value)
    if origin in (tuple, Sequence):
        return tuple(_value(arguments[0], item) for item in value)
    if is_dataclass(hint):
        return revived(hint, value)  # type: ignore[arg-type]
    if hint is date:
        return date.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value


def _kept(arguments: tuple[Any, ...], value: Any) -> Any:
    """Of what a field may be given, the form in which it is kept: a clause as a Citation, a length as a Term."""
    whole = [argument for argument in arguments if is_dataclass(argument)] if isinstance(value, dict) else []
    return next(argument for argument in (*whole, *arguments) if argument is not type(None))
