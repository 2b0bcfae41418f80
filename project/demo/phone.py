"""A worker's phone, as far as the story needs one: it speaks the real API over HTTP, without a server."""

import base64
import hashlib
from datetime import UTC
from typing import Any
from uuid import uuid4

from django.test import Client

from grid.calendar.now import now

Json = dict[str, Any]
API = "/api/v1/"
PIECE = 256  # so small that even the story's photo goes in several pieces


class PhoneTrouble(RuntimeError):
    """The server answered what the story did not expect."""


class Phone:
    def __init__(self) -> None:
        self.client = Client()
        self.token = ""
        self.cursor = 0
        self.doors: dict[str, Json] = {}
        self.forms: dict[str, Json] = {}

    def enrol(self, code: str, label: str) -> Json:
        told = self._post("enrol", {"code": code, "label": label, "app_version": "story"}, 201)
        self.token = told["token"]
        return told

    def pull(self) -> list[Json]:
        """The doors that came or changed since the last time."""
        came: list[Json] = []
        while True:
            told = self._get(f"changes?cursor={self.cursor}&limit=300&forms={self._has()}")
            came += told["doors"]
            self.cursor = told["cursor"]
            self.forms |= {form["code"]: form for form in told.get("forms", [])}
            if not told["more"]:
                break
        self.doors |= {door["subject"]["name"]: door for door in came}
        return came

    def _has(self) -> str:
        return ",".join(f"{form['code']}:{form['version']}" for form in self.forms.values())

    def visit(
        self,
        door: Json,
        outcome: str,
        answers: Json,
        photo: bytes = b"",
        replaces: str = "",
    ) -> Json:
        """A visit as the phone keeps it until it is sent."""
        premise = door["premise"] or {}
        taken = {"sha256": hashlib.sha256(photo).hexdigest(), "size": len(photo), "kind": "refusal_photo"}
        return {
            "client_id": str(uuid4()), "task_id": door["task_id"], "subject_id": door["subject"]["id"],
            "premise_code": premise.get("code"), "form": door["form"], "outcome": outcome, "answers": answers,
            "form_version": self.forms[door["form"]]["version"], "recorded_at": self._time(), "position": None,
            "photos": [taken] if photo else [], "replaces": replaces or None,
        }  # fmt: skip

    def push(self, *visits: Json) -> list[Json]:
        told = self._post("visits", {"visits": list(visits), "phone_time": self._time()}, 200)
        results: list[Json] = told["results"]
        return results

    def upload(self, visit: Json, photo: bytes) -> int:
        """The photo in pieces, as tus sends them; how many."""
        facts = {
            "visit": visit["client_id"],
            "kind": "refusal_photo",
            "sha256": hashlib.sha256(photo).hexdigest(),
        }
        said = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in facts.items())
        begun = self.client.post(
            f"{API}uploads/",
            headers={**self._headers(), "Upload-Length": str(len(photo)), "Upload-Metadata": said},
        )
        self._expect(begun, 201)
        place = "/" + begun["Location"].split("/", 3)[3]
        pieces = range(0, len(photo), PIECE)
        for offset in pieces:
            answer = self.client.patch(
                place, photo[offset : offset + PIECE], content_type="application/offset+octet-stream",
                headers={**self._headers(), "Upload-Offset": str(offset)},
            )  # fmt: skip
            self._expect(answer, 204)
        return len(pieces)

    # --- HTTP

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0"} if self.token else {}

    def _get(self, path: str) -> Json:
        return self._expect(self.client.get(API + path, headers=self._headers()), 200)

    def _post(self, path: str, body: Json, wanted: int) -> Json:
        return self._expect(
            self.client.post(API + path, body, "application/json", headers=self._headers()), wanted
        )

    def _expect(self, answer: Any, wanted: int) -> Json:
        if answer.status_code != wanted:
            raise PhoneTrouble(f"{answer.status_code}: {answer.content.decode(errors='replace')[:400]}")
        told: Json = answer.json() if answer.content and "json" in answer["Content-Type"] else {}
        return told

    @staticmethod
    def _time() -> str:
        return now().astimezone(UTC).isoformat()
