"""How a phone calls itself, and until when its word counts. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from grid.calendar.now import CITY_TIME

# The more particular name first: nearly every browser also calls itself Chrome or Safari.
_BROWSERS: Final = (
    ("企业微信", r"wxwork/(\d+)"),
    ("微信", r"MicroMessenger/(\d+)"),
    ("华为浏览器", r"HuaweiBrowser/(\d+)"),
    ("小米浏览器", r"MiuiBrowser/(\d+)"),
    ("vivo 浏览器", r"VivoBrowser/(\d+)"),
    ("OPPO 浏览器", r"HeyTapBrowser/(\d+)"),
    ("UC", r"UCBrowser/(\d+)"),
    ("QQ 浏览器", r"MQQBrowser/(\d+)"),
    ("Edge", r"Edg(?:A|iOS)?/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[^ ]* (?:Mobile/\S+ )?Safari/"),
)
_LONGEST: Final = 60


def browser_of(user_agent: str) -> str:
    """
    >>> browser_of("Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36")
    'Chrome 126 · Android 14 · SM-A546B'
    >>> browser_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1")
    'Safari 17 · iPhone · iOS 17.5'
    >>> browser_of("curl")
    ''
    """
    text = "".join(char for char in user_agent[:500] if char.isprintable())
    browser = next((f"{name} {found[1]}" for name, mark in _BROWSERS if (found := re.search(mark, text))), "")
    return " · ".join(filter(None, (browser, *_system(text))))[:_LONGEST]


def _system(text: str) -> tuple[str, ...]:
    if found := re.search(r"\((iPhone|iPad|iPod)[^)]*? OS (\d+)[_.](\d+)", text):
        return found[1], f"iOS {found[2]}.{found[3]}"
    if found := re.search(r"Android (\d+)[\d.]*(?:; (?!wv\))([^;)]{1,40}))?", text):
        # What reduced browsers say of every phone is no model.
        model = (found[2] or "").partition(" Build/")[0].strip()
        return f"Android {found[1]}", "" if model == "K" else model
    if "OpenHarmony" in text or "HarmonyOS" in text:
        return ("HarmonyOS",)
    names = (("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))
    return next(((name,) for mark, name in names if mark in text), ())


# --- under which posting something is said ---------------------------------------------------------------


class Post(NamedTuple):
    """A field posting of the person who speaks, and whether it is in force."""

    posting: int
    area: str
    in_force: bool


class Named(NamedTuple):
    """Where something was said of: the area of a task or subject ("" when it tells none), the posting that holds the
    task, which of the speaker's own covers that one, and which of them the task left last; 0 for none."""

    area: str = ""
    holder: int = 0
    cover: int = 0
    left: int = 0


def post_of(own: int, posts: Sequence[Post], named: Named) -> int:
    """Under which of somebody's postings they say it: the one that holds the task, that covers for whoever holds it,
    that held it, or whose ground it is on, also where only the community of the ground is known; else the phone's own
    while it lasts.

    >>> grids = [Post(1, "150302001002001", False), Post(2, "150302001002003", True), Post(3, "150302001002004", True)]
    >>> post_of(1, grids, Named("150302001002004", 9)), post_of(1, grids, Named(holder=1)), post_of(1, grids, Named())
    (3, 1, 2)
    """
    mine = {post.posting for post in posts}
    for told in (named.holder, named.cover, named.left):
        if told in mine:
            return told
    around = [post for post in posts if named.area and named.area.startswith(post.area)]
    around = around or [post for post in posts if named.area and post.area.startswith(named.area)]
    if around:
        return max(around, key=lambda post: (post.in_force, len(post.area), -post.posting)).posting
    standing = [post.posting for post in posts if post.in_force]
    return own if own in standing or not standing else standing[0]


# --- until when its word counts ------------------------------------------------------------------------


class Period(NamedTuple):
    """Days on which somebody held a post, both included; no end while it lasts."""

    first: date
    last: date | None


def held_until(own: Period, others: Iterable[Period]) -> date | None:
    """The last day on which somebody held a post without a gap, through the posts that follow it; None while one
    lasts.

    >>> day = date(2026, 11, 1)
    >>> held_until(Period(day, day), [Period(day + timedelta(1), None)]), held_until(Period(day, day), [])
    (None, datetime.date(2026, 11, 1))
    """
    last = own.last
    for other in sorted(others):
        if last is None or other.first > last + timedelta(days=1):
            break
        last = None if other.last is None else max(last, other.last)
    return last


def begins(day: date) -> datetime:
    return datetime.combine(day, time(), CITY_TIME)
