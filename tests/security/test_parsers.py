"""Every parser of what comes from outside, against anything at all: it reads, or refuses in its own words."""

import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

import pydantic
from hypothesis import given, settings
from hypothesis import strategies as st

from grid import codes, outside, problems
from mobile_api.bodies import read_json
from mobile_api.handin.reading import FORMAT, read_unsent
from mobile_api.openrosa.rules import Unreadable, place_of, read_instance, safe_name, visit_of
from mobile_api.sync.rules.mending import read_visit
from tasks.forms import tables
from tasks.visits.rules import Arrival

NUMBER = UUID("00000000-0000-4000-8000-000000000001")
AT = datetime(2026, 3, 2, tzinfo=UTC)
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PARTS = ("task_id", "subject_id", "premise_code", "form", "form_version", "outcome", "recorded_at", "answers", "shown",
         "photos", "position", "replaces", "come_again_on", "unlisted")  # fmt: skip
VISIT = st.dictionaries(st.sampled_from(PARTS), JSON, max_size=8)
TAGS = st.sampled_from(
    ["employees", "outcome", "start", "end", "door", "position", "meta", "shop_photo", "x"]
)


@given(VISIT)
def test_whatever_a_visit_says_it_is_taken(said: dict[str, Any]) -> None:
    taken = read_visit({**said, "client_id": str(NUMBER)})
    assert isinstance(taken, Arrival) and taken.client_id == NUMBER
    assert datetime(1900, 1, 1, tzinfo=UTC) < taken.recorded_at < datetime(2101, 1, 1, tzinfo=UTC)


@given(JSON)
def test_without_its_number_it_is_refused_in_words(said: Any) -> None:
    try:
        read_visit(said)
    except pydantic.ValidationError as refusal:
        assert refusal.errors(include_url=False, include_input=False)


@given(st.binary(max_size=300) | JSON.map(lambda told: json.dumps(told).encode()))
def test_any_body_is_json_or_none(content: bytes) -> None:
    with suppress(ValueError, RecursionError):
        read_json(content)


@given(st.lists(VISIT, max_size=3), JSON, JSON)
def test_any_file_of_a_phone_is_read_line_by_line(visits: Any, photos: Any, words: Any) -> None:
    told = {"format": FORMAT, "visits": visits, "photos": photos, "suggestions": words}
    content = json.dumps(told).encode()
    try:
        unsent = read_unsent(io.BytesIO(content), len(content))
    except problems.Problem as refusal:
        assert refusal.status in (413, 422)
    else:
        assert len(unsent.lines) == len(visits)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_refused(content: bytes) -> None:
    try:
        read_instance(content)
    except Unreadable as refusal:
        assert str(refusal)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(TAGS, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)), max_size=8
    )
)
def test_any_answers_of_collect_make_a_visit(answers: list[tuple[str, str]]) -> None:
    inside = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in answers)
    try:
        instance = read_instance(f'<data id="employer" version="1">{inside}</data>'.encode())
    except Unreadable:
        return
    said = visit_of(instance, tables.current("employer"), NUMBER, None, {}, AT)
    assert isinstance(read_visit(said), Arrival)


@given(st.text(max_size=60))
def test_any_text_is_a_number_a_time_a_place_a_name_or_none(text: str) -> None:
    assert outside.whole(text) is None or 0 <= outside.whole(text) <= outside.BIGGEST  # type: ignore[operator]
    assert "\0" not in outside.readable(text) and outside.is_readable(outside.readable(text))
    for read in (outside.moment, outside.day, outside.http_date):
        try:
            read(text)
        except outside.Unreadable as refusal:
            assert refusal.reason
    place_of(text)
    assert "/" not in safe_name(text) and "\\" not in safe_name(text)


@given(st.text(max_size=80))
def test_any_code_is_ours_or_refused(text: str) -> None:
    for read in (codes.read_door_text, partial(codes.read_code, codes.Purpose.NOTICE)):
        for told in (text, f"GC1:{text}"):
            try:
                read(told)
            except problems.Problem as refusal:
                assert refusal.code in ("foreign-code", "mistyped-code")
