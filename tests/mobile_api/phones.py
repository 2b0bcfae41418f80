"""A phone as the server sees it."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from grid.calendar.now import now
from mobile_api.devices.models import Device
from tasks.forms import tables
from tests.doors import IN_ORDER

API = "/api/v1/"


def visit_json(task: Any = None, **fields: Any) -> dict[str, Any]:
    values = {
        "client_id": str(uuid4()), "task_id": task.pk if task else None,
        "subject_id": task.subject_id if task else None, "premise_code": None, "form": "employer",
        "form_version": tables.current("employer").version, "outcome": "done", "answers": IN_ORDER,
        "recorded_at": now().isoformat(), "position": {"lng": 106.8, "lat": 39.6, "accuracy": 12}, "photos": [],
        "replaces": None,
    }  # fmt: skip
    return {**values, **fields}


@dataclass
class Phone:
    client: Any
    token: str
    device: Device

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(API + path, headers=self._headers(headers))

    def push(self, *visits: Any, phone_time: datetime | str | None = None) -> Any:
        moment = (
            phone_time.isoformat() if isinstance(phone_time, datetime) else phone_time or now().isoformat()
        )
        body = json.dumps({"visits": visits, "phone_time": moment})
        return self.client.post(
            API + "visits", body, content_type="application/json", headers=self._headers({})
        )

    def results(self, *visits: Any) -> list[dict[str, Any]]:
        answer = self.push(*visits)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()["results"]

    def tus(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        all_headers = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): v for name, v in headers.items()}}
        kind = all_headers.pop("Content-Type", "application/octet-stream")
        where = path if path.startswith(("/", "http")) else API + path
        where = where.removeprefix("http://testserver")
        return self.client.generic(method, where, body, content_type=kind, headers=self._headers(all_headers))

    def begin(self, visit: str, sha256: str, size: int, kind: str = "refusal_photo") -> Any:
        told = {"visit": visit, "sha256": sha256, "kind": kind, "filetype": "image/jpeg"}
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items()
        )
        return self.tus("POST", "uploads/", Upload_Length=str(size), Upload_Metadata=metadata)

    def patch(self, where: str, offset: int, piece: bytes) -> Any:
        headers = {"Upload_Offset": str(offset), "Content_Type": "application/offset+octet-stream"}
        return self.tus("PATCH", where, piece, **headers)
