"""What the phone's pages may do that the desk's may not: run the compiled scanner, and show map tiles.

Tiles beneath the sketch map are a setting of the installation. Without it the sketch stands alone.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]

_WORKER = "sw.js"
# The scanner of codes is compiled; no page of the desk runs anything but its own scripts.
_WASM = {"script-src": ["'wasm-unsafe-eval'"]}
_PAGE = b'url:"index.html",revision:"'


def tile_origin() -> str:
    """Scheme and host of TILE_URL, the only foreign place the phone's pages may show pictures from; "" without one."""
    parts = urlsplit(settings.TILE_URL)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def with_tiles(view: View) -> View:
    """Lets the app's page scan, and show tiles. Phones keep that page, with its policy, under a revision: the revision
    moves with the setting, or a phone would go on with the old policy until the next release."""

    @wraps(view)
    def answered(request: HttpRequest, path: str = "") -> HttpResponse:
        origin = tile_origin()
        if path == _WORKER:
            # Its date is that of the build, which the setting does not change.
            request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
        answer = view(request, path)
        # As csp_update does, by the setting of now.
        answer._csp_update = _WASM | ({"img-src": [origin]} if origin else {})  # type: ignore[attr-defined]
        if not origin:
            return answer
        if path == _WORKER and answer.status_code == 200:
            mark = sha256(settings.TILE_URL.encode()).hexdigest()[:8].encode()
            answer.content = answer.content.replace(_PAGE, _PAGE + mark)
        return answer

    return answered
