"""A page as its reader takes it: its words, and each form with what it already holds."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Given = dict[str, list[Any]]


@dataclass
class Form:
    """`act`: the name of the act it unfolds from; `held`: what is filled in already; `choices`: value → label."""

    action: str
    act: str = ""
    held: Given = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    def filled(self, **given: Any) -> Given:
        """What the browser would send. A choice may be named by words of its label, as one reads it."""
        unknown = set(given) - set(self.held)
        assert not unknown, f"{self.act or self.action} asks no {unknown}, only {set(self.held)}"
        return self.held | {name: self._values(name, value) for name, value in given.items()}

    def _values(self, name: str, value: Any) -> list[Any]:
        if hasattr(value, "read"):
            return [value]
        return [self._one(name, str(item)) for item in (value if isinstance(value, list) else [value])]

    def _one(self, name: str, value: str) -> str:
        offered = self.choices.get(name)
        if offered is None or value in offered:
            return value
        named = [choice for choice, label in offered.items() if value in label]
        assert named, f"{self.act}: {value} is not offered for {name}, only {list(offered.values())}"
        return named[0]


@dataclass
class Page:
    """`words`: all that is written in its main part; `tag`: the state beside its title."""

    words: str
    tag: str
    forms: list[Form]

    @property
    def acts(self) -> list[str]:
        return [form.act for form in self.forms if form.act]

    def form(self, act: str) -> Form:
        """The form of an act, or the one that is sent to an address with this end."""
        named = [form for form in self.forms if form.act == act]
        found = named or [form for form in self.forms if form.action.rstrip("/").endswith(f"/{act}")]
        assert found, (
            f"{act} is not offered, only {self.acts or [form.action for form in self.forms]}: {self.tag}"
        )
        return found[0]


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    return Page(" ".join(reader.words), reader.tag, reader.forms)


class _Reader(HTMLParser):
    """Takes in what is within `main`, as far as somebody acting on it needs."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tag, self.forms = "", []  # type: str, list[Form]
        self._here = self._in_tag = False
        self._act = self._text = self._select = self._option = ""
        # The box whose label is being read.
        self._box: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._here = True
        elif tag == "details":
            self._act = given.get("id", "").removeprefix("act-")
        elif tag == "span" and given.get("class", "").startswith("tag") and not self.tag:
            self._in_tag = True
        elif self._here and tag == "form":
            self.forms.append(Form(given.get("action", ""), self._act))
        elif self._here and self.forms:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name:
            self._input(form, name, given)
        elif tag == "textarea":
            self._text, form.held[name] = name, [""]
        elif tag == "select":
            self._select, form.held[name], form.choices[name] = name, [], {}
        elif tag == "option" and self._select:
            self._option = given.get("value", "")
            form.choices[self._select][self._option] = ""
            if "selected" in given or not form.held[self._select]:
                form.held[self._select] = [self._option]

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        value = given.get("value", "")
        if given.get("type") not in ("checkbox", "radio"):
            form.held[name] = [value]
            return
        held, value = form.held.setdefault(name, []), value or "on"
        form.choices.setdefault(name, {})[value] = ""
        self._box = (name, value)
        if "checked" in given:
            held.append(value)

    def handle_data(self, data: str) -> None:
        if not self._here or not (said := data.strip()):
            return
        self.words.append(said)
        if self._in_tag:
            self.tag = said
        if self._text:
            self.forms[-1].held[self._text][0] += data.removeprefix("\n")
        elif self._select:
            self.forms[-1].choices[self._select][self._option] += said
        elif self._box:
            name, value = self._box
            self.forms[-1].choices[name][value] += said

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._here = False
        elif tag == "details":
            self._act = ""
        elif tag == "span":
            self._in_tag = False
        elif tag in ("label", "div", "form"):
            self._box = None
        elif tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""
