"""One mechanism makes a page live, and nothing that depends on its object stands outside what it fetches anew."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory

from grid.hints import TOPICS

TEMPLATES = settings.ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
LIVE = [page for page in PAGES if "{% live " in page.read_text(encoding="utf8")]
# Fetched once, or for a part that is its own object: the plan of a draft, the seal of one line, the names that fit what is typed.
PARTS = {
    "workflows/rounds/round.html", "grid/stories/story.html", "grid/territory/posting.html",
    "grid/territory/choosing/field.html",
}  # fmt: skip
# What the frame says stands still: who is signed in, where one may go, what was just done.
FRAME = {
    "request",
    "user",
    "actor",
    "menu",
    "entry",
    "one",
    "held",
    "message",
    "messages",
    "demo",
    "source_link",
    "mandate",
    "csrf_token",
}


def name_of(page: Path) -> str:
    return page.relative_to(TEMPLATES).as_posix()


def test_pages_are_made_live_in_one_way() -> None:
    own = {
        name_of(page)
        for page in PAGES
        if re.search(r"live:\w+|hx-trigger=|hx-get=", page.read_text(encoding="utf8"))
    }
    assert own - PARTS == set(), "use {% live %}: a part fetched by itself leaves the rest of the page behind"
    for name in PARTS:
        text = (TEMPLATES / name).read_text(encoding="utf8")
        assert "live:" not in text and "every " not in re.sub(r"\{% live [^%]*%\}", "", text), name


@pytest.mark.parametrize("page", LIVE, ids=name_of)
def test_a_live_page_is_fetched_whole(page: Path) -> None:
    """It fills the frame's two blocks and no other, so everything it says of its object stands in what is fetched."""
    text = page.read_text(encoding="utf8")
    assert text.startswith('{% extends "base.html" %}')
    blocks = set(re.findall(r"\{% block (\w+) %\}", text))
    assert blocks <= {"title", "live", "main", "main_class"}, blocks
    outside = re.sub(r"\{% block (\w+) %\}.*?\{% endblock %\}", "", text, flags=re.DOTALL)
    assert not re.search(r"<|\{\{", outside), outside


def test_the_frame_holds_the_page_in_what_is_fetched() -> None:
    frame = (TEMPLATES / "base.html").read_text(encoding="utf8")
    assert '<div id="page"{% block live %}{% endblock %}>{% block main %}{% endblock %}</div>' in frame
    body = frame.partition("<body")[2].replace("{% block main %}{% endblock %}", "")
    said = {re.split(r"[.|]", found)[0] for found in re.findall(r"\{\{ *([\w.|:'\"]+)", body)}
    assert said <= FRAME, said - FRAME


def rendered(text: str, method: str = "GET") -> str:
    request = getattr(RequestFactory(), method.lower())("/cases/", {"q": '"x'} if method == "GET" else {})
    return Template(text).render(Context({"request": request}))


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_topic_can_be_watched(topic: str) -> None:
    said = rendered(f'{{% live "{topic}" every=3 %}}')
    assert f'data-watches="{topic}"' in said and f"live:{topic} from:body, every 3s" in said
    assert 'hx-get="/cases/?q=%22x"' in said and 'hx-select="#page"' in said and 'hx-disinherit="*"' in said


def test_what_cannot_be_fetched_again_is_not_live() -> None:
    assert rendered('{% live "case" %}', "POST") == ""
    with pytest.raises(ValueError, match="casse"):
        rendered('{% live "casse" %}')
