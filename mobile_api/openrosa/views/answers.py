"""How the bridge answers: OpenRosa's headers on everything, and its envelope around every message."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from grid import problems
from grid.calendar.now import now
from grid.outages import outage_of

VERSION = "1.0"
XML = "text/xml; charset=utf-8"
# Collect splits what is larger into several posts: a dropped connection then costs one of them.
POST_SIZE = 10_000_000
RESPONSE = "http://openrosa.org/http/response"
LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"

View = Callable[..., HttpResponse]


def openrosa(*methods: str) -> Callable[[View], View]:
    """Around every address of the bridge: methods, refusals as OpenRosa messages, and the headers."""

    def around(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **facts: Any) -> HttpResponse:
            if request.method not in methods:
                answer = HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
                return headed(answer)
            try:
                return headed(view(request, *args, **facts))
            except problems.Problem as problem:
                return headed(refusal(problem))
            except (DatabaseError, InterfaceError, OSError) as error:
                if outage := outage_of(error):
                    return headed(refusal(outage))
                raise

        return answered

    return around


def headed(answer: HttpResponse) -> HttpResponse:
    answer["X-OpenRosa-Version"] = VERSION
    answer["X-OpenRosa-Accept-Content-Length"] = str(POST_SIZE)
    answer["Date"] = http_date(now().timestamp())
    answer["Content-Language"] = "zh"
    # The address holds the key: it goes into no cache and no referrer.
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    # Django's log of refusals would write the address, and the key with it.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def refusal(problem: problems.Problem) -> HttpResponse:
    """Collect shows the message. 401 would make it ask for a password nobody has."""
    status = 403 if problem.status == 401 else problem.status
    text = " ".join(filter(None, (problem.detail, str(problem.advice))))
    answer = message(text, status, nature="submit_error")
    if status == 503 or "seconds" in problem.facts:
        answer["Retry-After"] = str(problem.facts.get("seconds", 2))
    return answer


def message(text: str, status: int = 200, nature: str = "submit_success") -> HttpResponse:
    root = Element("OpenRosaResponse", xmlns=RESPONSE)
    SubElement(root, "message", nature=nature).text = text
    return xml(root, status)


def listing(namespace: str, root: str, item: str, rows: Sequence[Mapping[str, str]]) -> HttpResponse:
    """`<root xmlns><item><name>value</name>…</item>…</root>`"""
    top = Element(root, xmlns=namespace)
    for row in rows:
        child = SubElement(top, item)
        for name, value in row.items():
            SubElement(child, name).text = value
    return xml(top)


def xml(root: Element, status: int = 200) -> HttpResponse:
    return HttpResponse(
        tostring(root, encoding="utf-8", xml_declaration=True), content_type=XML, status=status
    )
