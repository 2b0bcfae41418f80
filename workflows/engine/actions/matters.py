"""What every step asks of a matter before anything is decided, as queries built once for each kind: a step asks them
six times over, and Django takes several times longer to write such a query than a database to answer it."""

from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from grid.prepared import Given, Prepared, Row
from workflows.engine.kind import Kind, kind_named


def place_of(kind: Kind, pk: int) -> Row:
    """(key of what the matter stands beside, or its own; its process). Raises ObjectDoesNotExist."""
    return _only(kind, _places(kind.name)(pks=[pk]))


def shown_by(kind: Kind, process: int) -> Row:
    """(code, area, state) of the matter behind a process. Raises ObjectDoesNotExist."""
    return _only(kind, _behind(kind.name)(processes=[process]))


def locked_row(kind: Kind, pk: int) -> Any:
    """The matter, its row locked until the transaction ends, with what its kind reads along. Raises ObjectDoesNotExist."""
    fresh = _loaded(kind.model, pk, is_locked=True)
    columns: Any = kind.model._meta
    for name in kind.related:
        field = columns.get_field(name)
        key = getattr(fresh, field.attname)
        setattr(fresh, name, None if key is None else _loaded(field.related_model, key, is_locked=False))
    return fresh


def lock_process(kind: Kind, process: int) -> None:
    """Part of an act: the matter's process, until the transaction ends."""
    _processes(kind.name)(processes=[process])


@cache
def _places(name: str) -> Prepared:
    kind = kind_named(name)
    return Prepared(
        lambda: kind.rows().filter(pk__one_of=Given("pks")).values_list(kind.owned_by, "process_id")
    )


@cache
def _processes(name: str) -> Prepared:
    rows = kind_named(name).flow.process_class.objects.select_for_update()
    return Prepared(lambda: rows.filter(pk__one_of=Given("processes")).values_list("pk"))


@cache
def _behind(name: str) -> Prepared:
    kind = kind_named(name)
    of_process = {f"{kind.link}__one_of": Given("processes")}
    return Prepared(lambda: kind.rows().filter(**of_process).values_list("code", "area", "state"))


def _loaded(model: Any, pk: int, *, is_locked: bool) -> Any:
    rows = _whole(model, is_locked)(pks=[pk])
    if not rows:
        raise model.DoesNotExist
    return model.from_db(DEFAULT_DB_ALIAS, _columns(model), rows[0])


@cache
def _whole(model: type[Model], is_locked: bool) -> Prepared:
    """A row by its key. It joins nothing: PostgreSQL would lock that as well."""
    rows = model._default_manager.select_for_update() if is_locked else model._default_manager.all()
    return Prepared(lambda: rows.filter(pk__one_of=Given("pks")).values_list(*_columns(model)))


@cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _only(kind: Kind, rows: list[Row]) -> Row:
    if not rows:
        raise ObjectDoesNotExist(f"no {kind.name}")
    return rows[0]
