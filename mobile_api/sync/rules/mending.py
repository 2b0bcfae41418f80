"""A visit with bad pieces, made fit to be taken. Pure.

One piece that cannot be read costs the visit nothing: it is kept as far as it goes, or kept beside the answers, and
marked, so that the reviewer decides about it with open eyes. Only without its number a visit is refused, for then a
repeat could not be known again.

A visit without a bad piece never comes here.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

import pydantic

from grid import outside
from mobile_api import schemas
from mobile_api.schemas import LARGEST_PHOTO, PhotoIn, UnlistedIn, VisitIn
from tasks.visits.rules import Arrival, Mark

# Of everything that found no place among the answers, this much is kept beside them.
_MOST_BESIDE: Final = 200_000
_LONGEST_WHERE: Final = 60
_CITY_ZONE: Final = "+08:00"
# A time that says nothing: the same at each repeat, and before every task.
_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


def read_visit(said: Any) -> Arrival:
    """The visit, with its bad pieces marked. Raises pydantic.ValidationError where it has no number, or is no object."""
    try:
        return VisitIn.model_validate(said).arrival()
    except pydantic.ValidationError as error:
        if not isinstance(said, Mapping):
            raise
        wrong = {str(fault["loc"][0]) for fault in error.errors(include_url=False, include_input=False)}
    mending = _Mending()
    fit = {**said, **{name: mending.fit(name, said.get(name)) for name in wrong if name in _FITTING}}
    arrival = VisitIn.model_validate(fit).arrival()
    return replace(arrival, marks=tuple(mending.marks))


@dataclass(slots=True)
class _Mending:
    marks: list[Mark] = field(default_factory=list)
    room: int = _MOST_BESIDE

    def fit(self, name: str, value: object) -> object:
        return _FITTING[name](self, name, value)

    def mark(self, kind: str, where: str, said: object = None, **facts: object) -> None:
        text = _as_text(said)[: self.room]
        self.room -= len(text)
        self.marks.append(Mark(kind, _sound(where)[:_LONGEST_WHERE], text, facts))

    # --- parts of the visit --------------------------------------------------------------------------

    def left_out(self, name: str, value: object) -> None:
        """A part that is not there, and nothing else hangs on it: a task named so that nobody can follow, a place."""
        self.mark("part-unread", name, value)

    def short_text(self, name: str, value: object) -> str:
        most = 40 if name == "form" else 20
        text = _sound(str(value)) if isinstance(value, str | int | float) else ""
        self.mark("part-unread", name, value)
        return text[:most]

    def outcome(self, name: str, value: object) -> str:
        self.mark("outcome-unread", name, value)
        return "unclear"

    def moment(self, name: str, value: object) -> datetime:
        """A time without its zone is one of the city; another says nothing."""
        self.mark("part-unread", name, value)
        for told in (str(value), f"{value}{_CITY_ZONE}"):
            with suppress(outside.Unreadable):
                return outside.moment(told)
        return _NO_TIME

    def photos(self, name: str, value: object) -> list[dict[str, Any]]:
        listed = value if isinstance(value, list) else []
        if listed is not value:
            self.mark("part-unread", name, value)
        fit = [photo for item in listed if (photo := self._photo(item))]
        if len(fit) > schemas.MOST_PHOTOS:
            beside = fit[schemas.MOST_PHOTOS :]
            self.mark("photos-many", name, beside, n=len(fit), most=schemas.MOST_PHOTOS)
        return fit[: schemas.MOST_PHOTOS]

    def _photo(self, item: object) -> dict[str, Any] | None:
        """A photo whose label is too long is one; without bytes, or with more than may come, it is none."""
        if not isinstance(item, dict):
            self.mark("photo-unread", "photos", item)
            return None
        kind, question = (_sound(str(item.get(name) or "")) for name in ("kind", "question"))
        photo = {**item, "kind": kind[:30], "question": question[:60] or None}
        try:
            PhotoIn.model_validate(photo)
        except pydantic.ValidationError:
            self._no_photo(question or kind, item.get("size"), item)
            return None
        return photo

    def _no_photo(self, where: str, size: object, said: object) -> None:
        if size == 0:
            self.mark("photo-empty", where)
        elif isinstance(size, int) and size > LARGEST_PHOTO:
            self.mark("photo-large", where, mb=size // 1024 // 1024, most=LARGEST_PHOTO // 1024 // 1024)
        else:
            self.mark("photo-unread", where, said)

    def unlisted(self, name: str, value: object) -> dict[str, Any] | None:
        """The unit nobody knew: its words cut to what fits, its place left out when it is none."""
        self.mark("part-unread", name, value)
        if not isinstance(value, dict):
            return None
        fit = {key: part for key, part in value.items() if key in ("lng", "lat")}
        for key, most in (("name", 200), ("credit_code", 30), ("address", 300), ("kind", 30)):
            fit[key] = _sound(str(value.get(key) or ""))[:most]
        fit["name"] = fit["name"] or "（未写名称）"
        try:
            UnlistedIn.model_validate(fit)
        except pydantic.ValidationError:
            fit = {key: part for key, part in fit.items() if key not in ("lng", "lat")}
        return fit

    # --- answers -------------------------------------------------------------------------------------

    def answers(self, name: str, value: object) -> dict[str, object]:
        if not isinstance(value, dict):
            self.mark("part-unread", name, value)
            return {}
        return self._named(value, schemas.MOST_ANSWERS, self._answer)

    def shown(self, name: str, value: object) -> dict[str, object]:
        """What stood in the form before the worker wrote: nothing the worker said is lost with it, so no mark."""
        return _Mending().answers(name, value)

    def _named(
        self, value: Mapping[Any, Any], most: int, fit: Callable[[str, object], object], where: str = ""
    ) -> dict[str, object]:
        kept: dict[str, object] = {}
        beside: dict[str, object] = {}
        for name, answer in value.items():
            if _is_name(name) and len(kept) < most:
                kept[name] = fit(where or name, answer)
            else:
                beside[str(name)] = answer
        if beside:
            self.mark("answers-beside", where, beside, n=len(beside))
        return kept

    def _answer(self, where: str, value: object) -> object:
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            return self._items(where, value)
        if isinstance(value, dict):
            return self._named(value, schemas.MOST_IN_ITEM, self._inner, where)
        return self._inner(where, value)

    def _items(self, where: str, value: list[dict[str, Any]]) -> list[dict[str, object]]:
        if len(value) > schemas.MOST_ITEMS:
            beside = value[schemas.MOST_ITEMS :]
            self.mark("items-many", where, beside, n=len(value), most=schemas.MOST_ITEMS)
        kept = value[: schemas.MOST_ITEMS]
        return [self._named(item, schemas.MOST_IN_ITEM, self._inner, where) for item in kept]

    def _inner(self, where: str, value: object) -> object:
        """An answer that holds no further answers; a tree of them is kept as the text it came as."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self._words(where, value)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return [self._words(where, item) for item in value]
        if isinstance(value, dict) and _is_place(value):
            return value
        self.mark("answer-odd", where)
        return self._words(where, _as_text(value))

    def _words(self, where: str, text: str) -> str:
        sound = _sound(text)
        if "\ufffd" in sound and "\ufffd" not in text:
            self.mark("text-broken", where)
        if len(sound) > schemas.LONGEST_TEXT:
            self.mark("text-cut", where, sound, n=len(sound), most=schemas.LONGEST_TEXT)
        return sound[: schemas.LONGEST_TEXT]


_FITTING: Final[Mapping[str, Callable[[_Mending, str, object], object]]] = {
    "task_id": _Mending.left_out, "subject_id": _Mending.left_out, "premise_code": _Mending.left_out,
    "position": _Mending.left_out, "replaces": _Mending.left_out, "come_again_on": _Mending.left_out,
    "grid": _Mending.left_out,
    "form": _Mending.short_text, "form_version": _Mending.short_text, "outcome": _Mending.outcome,
    "recorded_at": _Mending.moment, "photos": _Mending.photos, "unlisted": _Mending.unlisted,
    "answers": _Mending.answers, "shown": _Mending.shown,
}  # fmt: skip


def _is_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 60 and name == _sound(name)


def _is_place(value: Mapping[object, object]) -> bool:
    return all(_is_name(name) and (part is None or _is_number(part)) for name, part in value.items())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_text(said: object) -> str:
    if said is None:
        return ""
    try:
        return _sound(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str))
    except RecursionError:
        return ""


def _sound(text: str) -> str:
    """Half a character, as a broken keyboard sends it, becomes the sign for one that cannot be read; a pair told as
    two halves is one."""
    return outside.readable(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
