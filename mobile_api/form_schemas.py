"""What phones get of forms and of the table of outcomes: the shapes published in the OpenAPI document."""

from datetime import datetime
from typing import Literal

from ninja import Schema


class ChoiceOut(Schema):
    name: str
    label: str


class QuestionOut(Schema):
    name: str
    type: str
    label: str
    hint: str
    required: bool | str
    required_message: str = ""
    relevant: str | None
    constraint: str | None
    constraint_message: str
    choices: list[ChoiceOut]
    calculation: str | None
    questions: list["QuestionOut"] = []
    min: int | None = None
    max: int | None = None
    count: str | None = None


class FormOut(Schema):
    code: str
    version: str
    title: str
    position: Literal["never", "once"] = "never"
    kinds: list[str] = []
    outcomes: list[ChoiceOut] = []
    questions: list[QuestionOut]


class FormsOut(Schema):
    server_time: datetime
    forms: list[FormOut]


class ReasonsOut(Schema):
    """Questions put before those of the forms: why it came to an outcome, and what that asks for."""

    forms: list[str]
    questions: list[QuestionOut]


class OutcomesOut(Schema):
    version: str
    groups: list[ReasonsOut]
