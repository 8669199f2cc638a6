"""Types texts into every text field of the product, as every role, and looks at what comes of it.

The forms are found on the pages themselves, so that a field which is added later is attacked, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count, cycle
from urllib.parse import urlencode, urljoin, urlsplit

from playwright.async_api import BrowserContext, Page

from tests.browser.served import People, press, suggested

ROLES = ("", "Delegate 001", "Registrar", "Chair (morning)", "Secretary", "Teller")
TEXT = {"text", "search", "email", "tel", "url", ""}
STARTS = ("/", "/register", "/sign-in", "/sign-in?sent=yes", "/floor", "/me", "/factors", "/procedure",
          "/registrar", "/registrar/people", "/registrar/people/new", "/chair", "/officers", "/mode",
          "/minutes/corrections", "/chair/announcement/new", "/count", "/speaker", "/minutes",
          "/motions/1", "/screen", "/desk", "/tellers", "/me/data", "/registrar/import",
          "/registrar/mailing", "/registrar/exports", "/registrar/registration", "/agenda/edit", "/agenda", "/prove", "/registrar/mail")  # fmt: skip
INSIDE = re.compile(
    r"/(registrar|me|chair|officers|tellers|desk|count|agenda|procedure|motions)(/(?!p[0-9a-f]{16})|$)"
)
NEVER = re.compile(r"/sign-out|/chair/(end|crowd)|/switch|/me/(sessions|code)|/chair/removal")
WATCH = """
  window.alert = () => { console.log("EXECUTED"); };
  document.addEventListener("securitypolicyviolation", (e) =>
    console.log("CSP-REPORT " + e.violatedDirective + " " + e.blockedURI));
"""


@dataclass
class Form:
    """One form of a page: where it goes, what it sends by itself, and its text fields."""

    action: str
    fixed: list[tuple[str, str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """The text fields, with their types."""


class Forms(HTMLParser):
    """Collects the forms of a page that post, and the links."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.forms, self.links = base, [], []
        self._form: Form | None = None
        self._chosen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.base, given["href"]))
        if tag == "form":
            post = given.get("method", "get").lower() == "post"
            self._form = Form(urljoin(self.base, given.get("action", ""))) if post else None
            self._chosen = set()
        if self._form is None or not name:
            return
        kind = given.get("type", "").lower()
        if tag == "textarea" or (tag == "input" and kind in TEXT):
            self._form.texts[name] = kind
        elif tag == "input" and kind == "number":
            self._form.fixed.append((name, given.get("value") or given.get("min") or "1"))
        elif name not in self._chosen and (tag in {"input", "button", "select"}):
            self._chosen.add(name)
            self._form.fixed.append((name, given.get("value", "")))
        elif tag == "option" and not any(n == name for n, _v in self._form.fixed):
            self._form.fixed.append((name, given.get("value", "")))

    def handle_endtag(self, tag):
        if tag == "form" and self._form is not None:
            if self._form.texts:
                self.forms.append(self._form)
            self._form = None


@dataclass
class Seen:
    """What happened in the browser."""

    executed: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)
    tried: set[str] = field(default_factory=set)
    pages: int = 0


@dataclass
class Attack:
    """One run against one server."""

    people: People
    url: str
    seen: Seen = field(default_factory=Seen)
    _known: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        """Open the conference and call a motion, so that there is more to type into."""
        chair = await self.people.enter("Chair (morning)")
        for number in (1, 2, 3, 4):
            delegate = await self.people.enter(f"Delegate {number:03}")
            await press(delegate, "I am here")
            await delegate.context.close()
        for _ in range(4):  # open, the first item, on, the second item with its motions
            await suggested(chair)
        await chair.context.close()

    async def enter(self, name: str, *, csp: bool) -> Page:
        """A browser of this role, with the policy switched on or off, whose console is read."""
        if name:
            page = await self.people.enter(name, bypass_csp=not csp)
        else:
            page = await self.people.page(bypass_csp=not csp)
        await page.add_init_script(WATCH)
        page.on("console", lambda message: self._heard(page, message.text))
        page.on("dialog", lambda dialog: self._heard(page, "EXECUTED") or dialog.dismiss())
        return page

    def _heard(self, page: Page, text: str) -> None:
        if text.startswith("EXECUTED"):
            self.seen.executed.append(page.url)
        if text.startswith("CSP-REPORT") or "Content Security Policy" in text:
            self.seen.reports.append(f"{page.url}: {text}")

    async def forms(self, context: BrowserContext) -> dict[str, Form]:
        """Every form with a text field that this role finds, by address and fields."""
        found: dict[str, Form] = {}
        todo, done = [urljoin(self.url, path) for path in STARTS], set()
        while todo:
            address = todo.pop(0).partition("#")[0]
            if address in done or len(done) > 80 or not address.startswith(self.url):
                continue
            done.add(address)
            answer = await context.request.get(address)
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            parsed = Forms(answer.url)
            parsed.feed(await answer.text())
            for form in parsed.forms:
                path = re.sub(
                    r"\d+", "0", re.sub(r"/p[0-9a-f]{16}", "/p", urlsplit(form.action).path)
                )
                if not NEVER.search(path):
                    found.setdefault(f"{path} {' '.join(sorted(form.texts))}", form)
            if "/registrar/people" in address:
                todo += [a for a in parsed.links if re.search(r"/people/p\w+$", a)][:1]
            todo += [a for a in parsed.links if INSIDE.match(urlsplit(a).path)][:20]
        return found

    async def type_everywhere(self, texts: Iterator[str], each: int) -> None:
        """As every role, send `each` texts through every text field and look at the answers."""
        number = count(1)
        for role in ROLES:
            page = await self.enter(role, csp=False)
            await page.goto(self.url + "/help")
            for key, form in (await self.forms(page.context)).items():
                if key in self._known:
                    continue
                self._known.add(key)
                for name in form.texts:
                    for _ in range(each):
                        await self._send(page, form, name, next(texts), next(number))
                        self.seen.fields[f"{key} [{name}]"] += 1

    async def _send(self, page: Page, form: Form, name: str, text: str, number: int) -> None:
        plain = {"email": f"a{number}@mail.example"}
        values = [(n, plain.get(kind, "plain")) for n, kind in form.texts.items() if n != name]
        body = urlencode([*form.fixed, *values, (name, text)])
        self.seen.tried.add(text)
        answer = await page.context.request.post(
            form.action,
            data=body.encode(),
            headers={
                "Origin": self.url, "Content-Type": "application/x-www-form-urlencoded",
            },
            max_redirects=0,
        )  # fmt: skip
        assert answer.status < 500, (form.action, answer.status, text)
        if answer.status == 429:
            await page.wait_for_timeout(500)
        if answer.status != 303:  # what was typed is shown again
            await page.set_content(await answer.text())

    async def look(self, *, csp: bool, roles: Sequence[str] = ROLES) -> None:
        """As each of these roles, look at every page where a text may have arrived."""
        for role in roles:
            page = await self.enter(role, csp=csp)
            for path in STARTS:
                await page.goto(self.url + path, wait_until="load")
                self.seen.pages += 1
            people = await page.locator('a[href*="/registrar/people/p"]').evaluate_all(
                "all => all.map((a) => a.href)"
            )
            for address in people[:5]:
                await page.goto(address)
            await page.context.close()


def endless(texts: list[str]) -> Iterator[str]:
    """These texts, over and over."""
    return cycle(texts)
