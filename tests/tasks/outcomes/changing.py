"""A row of the table of outcomes as somebody at the desk types it anew."""

import json
from datetime import date, timedelta

from grid.calendar.now import today
from grid.law.models import Provision


def tomorrow() -> date:
    return today() + timedelta(days=1)


def changed(state: str, key: str = "outcome.demolished") -> str:
    value = dict(Provision.objects.get(key=key).value) | {"state": state}
    return json.dumps(value, ensure_ascii=False)
