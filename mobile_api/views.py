"""The phone app's files as vite built them, what the installation sets for it, and the API's published document."""

import json
import mimetypes
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils._os import safe_join
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

from mobile_api.answers import JSON, is_known
from mobile_api.document import published

# A server's own table of types differs from machine to machine; a wrong one stops the app.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"


@require_safe
def phone_app(request: HttpRequest, path: str = "") -> HttpResponse:
    """A file of the built app; any other address without an extension is one of the app's own screens."""
    folder = Path(settings.PHONE_BUILD)
    if not (folder / "index.html").is_file():
        return render(request, "mobile_api/not_built.html", status=503)
    file = _file(folder, path or "index.html")
    if file is None:
        if Path(path).suffix:
            raise Http404(path)
        file = folder / "index.html"
    return _answer(request, file, hashed=path.startswith("assets/"))


def _file(folder: Path, path: str) -> Path | None:
    try:
        file = Path(safe_join(folder, path))
    except (SuspiciousFileOperation, ValueError):
        return None
    return file if file.is_file() else None


def _answer(request: HttpRequest, file: Path, hashed: bool) -> HttpResponse:
    """Read whole, not streamed: the files are small, and so the compressing middleware knows their length."""
    changed = int(file.stat().st_mtime)
    since = request.headers.get("If-Modified-Since")
    fresh = since is not None and not was_modified_since(since, changed)
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    answer = HttpResponse(status=304) if fresh else HttpResponse(file.read_bytes(), content_type=kind)
    answer["Cache-Control"] = _FOR_EVER if hashed else _ASK_EACH_TIME
    answer["Last-Modified"] = http_date(changed)
    if file.suffix == ".js" and not hashed:
        answer["Service-Worker-Allowed"] = "/phone/"
    return answer


@require_safe
def phone_settings(request: HttpRequest) -> JsonResponse:
    """What an installation sets for its phones."""
    answer = JsonResponse({"tile_url": settings.TILE_URL})
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    text, tag = _document()
    answer = HttpResponse(status=304) if is_known(request, tag) else HttpResponse(text, content_type=JSON)
    answer["Cache-Control"] = _ASK_EACH_TIME
    answer["ETag"] = tag
    return answer


@cache
def _document() -> tuple[str, str]:
    text = json.dumps(published(), ensure_ascii=False)
    return text, f'"{sha256(text.encode()).hexdigest()[:24]}"'
