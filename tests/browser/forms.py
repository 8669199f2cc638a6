"""The forms of a page as a browser would send them, and its links."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from tests.browser.fields import NOT_TYPED


@dataclass
class Form:
    """One form of a page: where it goes, how, what it sends by itself, and its fields."""

    action: str
    page: str
    method: str = "post"
    fixed: dict[str, str] = field(default_factory=dict)
    """What is sent when nobody types anything."""
    kinds: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Collects the forms of a page, and the links."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.forms, self.links = base, [], []
        self._form: Form | None = None
        self._select = ""
        self._boxes: dict[str, str] = {}

    @classmethod
    def read(cls, text: str, base: str) -> Forms:
        """What stands in this page, which was found at `base`."""
        made = cls(base)
        made.feed(text)
        return made

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.base, given["href"]))
        if tag == "form":
            action = urljoin(self.base, given.get("action") or self.base)
            method = given.get("method", "get").lower()
            self._form = Form(action.partition("#")[0], self.base, method)
            self._boxes = {}
        if self._form is not None:
            self._field(self._form, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "option" and (self._select not in form.fixed or "selected" in given):
            form.fixed[self._select] = value
        kind = given.get("type", "").lower() if tag == "input" else tag
        if tag == "button" and name:
            form.fixed.setdefault(name, value)
        elif tag == "select":
            self._select = name
            form.kinds[name] = kind
        elif tag in {"input", "textarea"} and name and kind not in NOT_TYPED:
            form.kinds[name] = kind
            self._typed(form, name, value, given)

    def _typed(self, form: Form, name: str, value: str, given: dict[str, str]) -> None:
        """Note what this field sends when nobody types or ticks anything else."""
        kind = form.kinds[name]
        if kind == "checkbox" and not {"checked", "required"} & given.keys():
            if name in self._boxes:  # of several boxes of one name the first is ticked
                form.fixed.setdefault(name, self._boxes[name])
            self._boxes[name] = value
            return
        if kind == "radio" and "checked" in given:
            form.fixed[name] = value
        number = given.get("inputmode") == "numeric"
        form.fixed.setdefault(name, value or given.get("min", "") or "7" * number)
        if "required" in given and not form.fixed[name]:
            form.fixed[name] = "ash@mail.example" if kind == "email" else "Plain"

    def handle_endtag(self, tag):
        if tag == "form" and self._form is not None:
            self.forms.append(self._form)
            self._form = None
