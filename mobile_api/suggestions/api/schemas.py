"""The shapes of suggestions, as published."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from mobile_api.schemas import Id, Moment
from mobile_api.suggestions.actions import NewSuggestion

LONGEST = 2000
MOST = 100
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class SuggestionIn(Schema):
    client_id: UUID
    text: Text
    task_id: Id | None = None
    written_at: Moment

    def said(self) -> NewSuggestion:
        return NewSuggestion(self.client_id, self.text, self.task_id, self.written_at)


class SuggestionsIn(Schema):
    """Read one by one, so that a single broken one is refused alone (see SuggestionIn for their shape)."""

    items: Annotated[list[dict[str, Any]], Field(max_length=MOST)]


class SuggestionResult(Schema):
    client_id: str
    status: Literal["accepted", "repeated", "refused"]
    code: str = ""
    message: str = ""


class SuggestionsOut(Schema):
    results: list[SuggestionResult]
