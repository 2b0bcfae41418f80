"""The shapes of the pool on phones, as published."""

from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

from mobile_api.schemas import Label


class PoolRow(Schema):
    """A subject without a grid; `area` is as far as it is known: community, street or district."""

    subject_id: int
    name: str
    initials: str
    credit_code: str
    address: str
    kind: str
    area: str


class Bucket(Schema):
    """All a phone holds of the subjects whose number leaves `number` when divided by 64."""

    number: int
    print: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")]
    rows: list[PoolRow]


class NamedGrid(Schema):
    code: str
    name: str


class RefusedClaim(Schema):
    """A claim of the phone's person that was sent back, by the number of its visit."""

    client_id: str
    name: str
    words: str


class PoolOut(Schema):
    buckets: list[Bucket]
    more: bool
    grids: list[NamedGrid]
    refused: list[RefusedClaim]
    server_time: str


class PoolSearchIn(Schema):
    words: Label = ""


class PoolSearchOut(Schema):
    rows: list[PoolRow]
