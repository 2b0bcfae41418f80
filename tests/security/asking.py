"""Every address with the parameters it reads, found by watching it read them; and the values nobody honest sends."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from importlib import import_module, util
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern

from grid.calendar.now import today
from tests.contract.test_access import INSIDE, TABLE, addresses, filled

# Between them they may do whatever is done at the desk.
ACTING = ("zhao", "qian", "zhou", "wu", "fang", "feng")
# Read by the framework, or by every list in the same way.
OWN = {"csrfmiddlewaretoken", "-"}
ZONE = "2057-12-26T21:20:03+22:46"
# Numbers that are none, or that nothing can hold; times that no clock shows; what is no word. Of these a form is tried
# with the ones that differ in how they break: its fields read all alike.
HOSTILE = {
    "get": ("²", "9" * 4400, "9" * 19, "-1", "1e9999", "NaN", ZONE, "0000-01-01", "9999-12-31", "[]"),
    "post": ("²", "9" * 4400, "NaN", ZONE, "9999-12-31"),
}
# What PostgreSQL may answer otherwise: numbers, zones and years that its columns bound. All else breaks in our own
# code or not at all, and has been asked beside SQLite.
BOUNDED = {
    "get": ("9" * 19, ZONE, "0000-01-01", "9999-12-31"),
    "post": ("9" * 4400, "9" * 19, ZONE, "9999-12-31"),
}
# What the gate refuses wherever it stands, as it travels: NUL, half a pair, no UTF-8, a value without end.
RAW = ("%00", "%ED%A0%80", "%ff", "%E9%95%BF" * 2_100)


@dataclass
class Watch:
    """What was read while a request was answered: names of its query and form, and Django's forms themselves."""

    names: set[str] = field(default_factory=set)
    begun: list[forms.BaseForm] = field(default_factory=list)


@contextmanager
def watching() -> Iterator[Watch]:
    seen, patch = Watch(), pytest.MonkeyPatch()

    def watched(name: str) -> None:
        former = getattr(QueryDict, name)

        def read(self: QueryDict, key: Any, *args: Any) -> Any:
            seen.names.add(str(key))
            return former(self, key, *args)

        patch.setattr(QueryDict, name, read)

    for name in ("__getitem__", "get", "getlist", "__contains__"):
        watched(name)
    begin = forms.BaseForm.__init__

    def begun(self: forms.BaseForm, *args: Any, **options: Any) -> None:
        begin(self, *args, **options)
        seen.begun.append(self)

    patch.setattr(forms.BaseForm, "__init__", begun)
    try:
        yield seen
    finally:
        patch.undo()


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever a request did is taken back, so that the next one meets the same world: signing out as well."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


@dataclass
class Place:
    """One address and method: who gets furthest there, what is read, and what an honest form would say. `words` are
    the names that take any words: not a field that asks for a number, a day or a choice and so hears all else alike."""

    path: str
    address: str
    method: str
    who: str
    names: set[str]
    words: set[str]
    honest: dict[str, Any]

    def asks(self, client: Client, given: dict[str, Any]) -> Any:
        with undone(client):
            return getattr(client, self.method)(self.address, given)


def places(world: SimpleNamespace, browser_of: Callable[[str], Client]) -> Iterator[Place]:
    with TABLE.open(encoding="utf8") as file:
        access = {row["address"]: row for row in csv.DictReader(file)}
    for path, pattern in addresses():
        if path.startswith(("api/v1/", "openrosa/")):
            continue
        # A new address has no line yet, and is asked all the same.
        inside = [name for name in (*INSIDE, "anonymous") if access.get(path, {}).get(name) == "200"]
        variants = _variants(path, pattern, world)
        found = [_place(path, variants[0], "get", inside[-1:] or ["wu"], browser_of)]
        found += [_place(path, variant, "post", [*inside[-1:], *ACTING], browser_of) for variant in variants]
        yield from (place for place in found if place.names)


def _variants(path: str, pattern: URLPattern, world: SimpleNamespace) -> list[str]:
    """The address, once for each act that may stand in it."""
    address = filled(path, world)
    if "<slug:name>" not in path or not address.rstrip("/").endswith("/approve"):
        return [address]
    base = address.rstrip("/").removesuffix("approve")
    end = address[len(address.rstrip("/")) :]
    return [f"{base}{act}{end}" for act in _acts(pattern) or ["approve"]]


def _acts(pattern: URLPattern) -> list[str]:
    room = pattern.callback.__module__.rpartition(".")[0]
    for name in (f"{room}.states", pattern.callback.__module__):
        acts = getattr(import_module(name), "ACTS", ()) if util.find_spec(name) else ()
        if acts:
            return [act if isinstance(act, str) else act.name for act in acts]
    return []


def _place(
    path: str, address: str, method: str, who: list[str], browser_of: Callable[[str], Client]
) -> Place:
    """Whoever gets furthest; then once more with what an honest form says, for what is read behind it."""
    best = Place(path, address, method, who[0], set(), set(), {})
    for name in dict.fromkeys(who):
        status, seen = _watched(browser_of(name), method, address, {"-": "-"})
        if len(seen.names) > len(best.names):
            best = Place(path, address, method, name, seen.names, set(), _honest(seen))
        if status not in (403, 404):
            break
    if best.names:
        seen = _watched(browser_of(best.who), method, address, best.honest)[1]
        best.names |= seen.names
        best.words = best.names - _narrow(seen)
    return best


def _narrow(seen: Watch) -> set[str]:
    return {
        form.add_prefix(name)
        for form in seen.begun
        for name, form_field in form.fields.items()
        if not isinstance(form_field, forms.CharField)
    }


def _watched(client: Client, method: str, address: str, given: dict[str, Any]) -> tuple[int, Watch]:
    with watching() as seen, undone(client):
        status = getattr(client, method)(address, given).status_code
    seen.names -= OWN
    return status, seen


def _honest(seen: Watch) -> dict[str, Any]:
    """What somebody could fill in: the first choice, today, a word; the city where an area is asked for."""
    told: dict[str, Any] = {"area": "1503"} if "area" in seen.names else {}
    for form in seen.begun:
        for name, form_field in form.fields.items():
            value = form.get_initial_for_field(form_field, name)
            told[form.add_prefix(name)] = _fitting(form_field) if value in (None, "") else value
    return {name: value for name, value in told.items() if value is not None}


def _fitting(one: forms.Field) -> Any:
    if isinstance(one, forms.ChoiceField | forms.ModelChoiceField):
        values = [str(value) for value, _label in list(one.choices)[:3] if not isinstance(_label, list)]
        return next((value for value in values if value), None)
    if isinstance(one, forms.DateField):
        return today().isoformat()
    if isinstance(one, forms.IntegerField | forms.DecimalField | forms.BooleanField):
        return "1"
    return "测试" if isinstance(one, forms.CharField) else None
