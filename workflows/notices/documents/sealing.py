"""What a document tells of a natural person is kept apart from its other values, encrypted (grid/privacy.py)."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder

from workflows.notices.documents import Document

if TYPE_CHECKING:
    from workflows.notices.models import Notice

Values = dict[str, object]


def parted(data: Document) -> tuple[Values, str]:
    """The values anybody may read who may read the file, and those that are encrypted, as text; empty for none."""
    values: Values = json.loads(json.dumps(asdict(data), cls=DjangoJSONEncoder))
    sealed = {name: values.pop(name) for name in data.SEALED}
    return values, json.dumps(sealed, ensure_ascii=False) if sealed else ""


def whole_values(notice: "Notice") -> Values:
    """All of them, as the document was set from."""
    values: Values = notice.values
    return values | (json.loads(notice.sealed) if notice.sealed else {})
