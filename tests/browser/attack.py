"""Types texts into every field of the product, as every role and at every stage, and looks at what comes.

The forms are found on the pages themselves: every address of docs/pages.md is opened by everybody, and what
it links to. What has to be found stands in `fields.py`, which reads the product's source: the two together
notice a field that nothing hostile goes through.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from playwright.async_api import APIResponse, BrowserContext, Page

from tests.browser import fields
from tests.browser.fields import FREE, QUERY, ROOT, SCRIPT, WIRE, Field, shape
from tests.browser.forms import Form, Forms
from tests.browser.hostile import hostile_tables
from tests.browser.served import People, Served, mailed

STRANGER, APPLICANT, SPEAKER = "", "Applicant", "Speaker"
CHAIR, REGISTRAR, SECRETARY = "Chair (morning)", "Registrar", "Secretary"
DELEGATES = tuple(f"Delegate {number:03}" for number in range(1, 6))
ROLES = (
    STRANGER,
    DELEGATES[0],
    REGISTRAR,
    CHAIR,
    SECRETARY,
    "Teller",
    "Steward",
    APPLICANT,
    SPEAKER,
)
NO_PAGE = re.compile(r"\{|\.(json|ics|pdf|md|txt|html)$|^/(healthz|metrics|room|screen$)")
PAGES = tuple(
    path
    for path in re.findall(
        r"^\| GET \| `([^`]+)`",
        (ROOT / "docs" / "pages.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    if not NO_PAGE.search(path)
)
"""Every page of docs/pages.md, which names them all, whose address is always the same."""
SHORTEST = "<img src=x onerror=alert(1)>"
"""What is tried where a longer text was too long."""
SAME = 2
"""So many pages of one kind are opened, such as the pages of people."""
NEVER = re.compile(r"^/(sign-out|chair/removal|chair/crowd|registrar/registration/lock)$")
"""Forms that would end the attack; they have a box to tick at most."""
UNSEEN = {
    ("/let-in", "number"), ("/prove", "code"), ("/invitations/slots/0/speaker", "email"),
    ("/chair/end", "line"),
}  # fmt: skip
"""Only a real conference shows the first two (and `/prove/help`); the third, a slot whose speaker is no person, is not in the
launch file; the last stands on the panel when the day is over. These fields, and what is chosen on pages
that this conference does not have, are sent without a page."""
OWN = re.compile(r'<(?:script|link)\b[^<>]*"/static/[^<>]*>')
"""Scripts and styles of the product, as its base template names them."""
WATCH = """
  window.alert = () => { console.log("EXECUTED"); };
  document.addEventListener("securitypolicyviolation", (e) =>
    console.log("CSP-REPORT " + e.violatedDirective + " " + e.blockedURI));
"""
TALK = """async (messages) => {
  const answers = [];
  for (const message of messages) {
    const line = new WebSocket(`ws://${location.host}/live?view=floor`);
    await new Promise((done) => {
      line.onmessage = (event) => {
        if (!/^{"t":"(refused|bye|ack)"/.test(event.data)) return;
        answers.push(event.data);
        line.close();
      };
      line.onopen = () => { line.send(message); setTimeout(() => line.close(), 5000); };
      line.onclose = done;
    });
  }
  return answers;
}"""


@dataclass
class Seen:
    """What happened in the browser."""

    executed: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    fields: Counter[Field] = field(default_factory=Counter)
    """How many texts went through each field."""
    taken: set[Field] = field(default_factory=set)
    """The fields in which the server took at least one of them."""
    tried: set[str] = field(default_factory=set)
    pages: int = 0


@dataclass
class Attack:
    """One run against one server, with a conference that is a rehearsal from `hostile.py`."""

    people: People
    served: Served
    texts: Iterator[str]
    each: int = 1
    """So many texts go through each field that takes any text; one through each other."""
    rest: int = 1
    """Of the answers to what can only be chosen every so many is looked at."""
    seen: Seen = field(default_factory=Seen)
    _signed_in: dict[str, Any] = field(default_factory=dict)
    _at_work: dict[str, Page] = field(default_factory=dict)
    _number: Iterator[int] = field(default_factory=lambda: count(1))

    # --- browsers ------------------------------------------------------------------------------------

    async def watched(self, name: str, *, csp: bool) -> Page:
        """A browser of this person, with the policy switched on or off, whose console is read."""
        options = {"bypass_csp": not csp, "storage_state": self._signed_in.get(name)}
        page = await self.people.page(**options)
        page.context.set_default_timeout(60_000)  # hundreds of pages beside other tests
        await page.add_init_script(WATCH)
        page.on("console", lambda message: self._heard(page, message.text))
        page.on("dialog", lambda dialog: self._heard(page, "EXECUTED") or dialog.dismiss())
        return page

    def _heard(self, page: Page, text: str) -> None:
        if text.startswith("EXECUTED"):
            self.seen.executed.append(page.url)
        if text.startswith("CSP-REPORT") or "Content Security Policy" in text:
            self.seen.reports.append(f"{page.url}: {text}")

    async def browser_of(self, name: str, link: str = "") -> Page:
        """The browser in which this person's fields are attacked: one each, signed in by a link."""
        if name not in self._at_work:
            page = await self.watched(name, csp=False)
            self._at_work[name] = page
            if name:
                await self._ask(page, "POST", link or self.people.links[name], {})
                self._signed_in[name] = await page.context.storage_state()
            await page.goto(f"{self.served.url}/help")
        return self._at_work[name]

    async def _ask(
        self, page: Page, method: str, address: str, values: dict[str, str], **more: Any
    ) -> APIResponse:
        """Ask as this browser would, and again when the server says that it was too often."""
        address = urljoin(self.served.url, address)
        headers = {"Origin": self.served.url}
        if method == "GET" and values:
            before = dict(parse_qsl(urlsplit(address).query))
            address = f"{address.partition('?')[0]}?{urlencode({**before, **values})}"
        if method == "POST" and not more:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            more = {"data": urlencode(values).encode()}
        for _try in range(100):
            if page is self._at_work.get(STRANGER):
                await page.context.clear_cookies()  # another browser each time: there is a limit
            answer = await page.context.request.fetch(
                address, method=method, headers=headers, max_redirects=0, **more
            )
            if answer.status != 429:
                break
            await page.wait_for_timeout(250)
        assert answer.status < 500, (address, answer.status, values)
        return answer

    async def _show(self, page: Page, html: str) -> None:
        """Let the browser read this, without the product's own scripts: they would lead on."""
        await page.set_content(OWN.sub("", html))

    async def does(self, name: str, address: str, /, **values: str) -> APIResponse:
        """Let this person send a form that is in order."""
        page = await self.browser_of(name)
        answer = await self._ask(page, "POST", address, values)
        if answer.status not in {200, 303}:
            code = re.search(r'data-code="(\w+)"', await answer.text())
            raise AssertionError((name, address, answer.status, code and code[1]))
        return answer

    # --- what is on the pages ------------------------------------------------------------------------

    async def forms(
        self, context: BrowserContext, pages: Sequence[str], *, follow: bool
    ) -> list[Form]:
        """Every form that this browser finds on these pages and, if so wished, on what they link to."""
        found: dict[tuple[str, str, str], Form] = {}
        kinds: dict[str, set[str]] = defaultdict(set)
        todo, done = [urljoin(self.served.url, path) for path in pages], set()
        while todo:
            address = todo.pop(0).partition("#")[0]
            path = urlsplit(address).path
            if address in done or not address.startswith(self.served.url) or NEVER.search(path):
                continue
            done.add(address)
            answer = await context.request.get(address)
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            parsed = Forms.read(await answer.text(), answer.url)
            for form in parsed.forms:
                where = shape(urlsplit(form.action).path)
                found.setdefault((where, form.method, " ".join(sorted(form.kinds))), form)
            for link in parsed.links if follow else ():
                path = urlsplit(link).path
                if NO_PAGE.search(path) or path in kinds[shape(path)]:
                    continue
                kinds[shape(path)].add(path)
                if len(kinds[shape(path)]) <= SAME or path.startswith("/procedure/"):
                    todo.append(link)
        return [form for (where, *_), form in found.items() if not NEVER.search(where)]

    async def type_everywhere(
        self, roles: Sequence[str], pages: Sequence[str] = PAGES, *, follow: bool = True
    ) -> None:
        """As these people, send texts through every field on these pages, and look at the answers."""
        for role in roles:
            page = await self.browser_of(role)
            for form in await self.forms(page.context, pages, follow=follow):
                # What is chosen first: that is refused, and leaves the form as it was.
                for name in sorted(form.kinds, key=lambda one: form.kinds[one] in FREE):
                    await self.type_into(page, form, name)

    async def type_into(self, page: Page, form: Form, name: str) -> None:
        """Send texts through one field of a form, unless that was done already."""
        plain_name = re.sub(r"_\d+$", "_0", name)
        key = (shape(urlsplit(form.action).path), plain_name)
        is_free = form.kinds[name] in FREE
        often = self.seen.fields[key]
        if key in self.seen.taken or often > (self.each if is_free else 0):
            return
        texts = [next(self.texts) for _ in range(self.each if is_free else 1)]
        for turn, text in enumerate([*texts, SHORTEST] if is_free else texts):
            if turn == len(texts) and key in self.seen.taken:
                break
            if is_free and form.method == "post":
                form = await self._as_it_is_now(page, form)
            await self._send(page, form, name, text, key)

    async def _send(self, page: Page, form: Form, name: str, text: str, key: Field) -> None:
        number = next(self._number)
        new = {"name": f"Plain {number}", "email": f"a{number}@mail.example"}
        values = form.fixed | {n: v for n, v in new.items() if n in form.kinds} | {name: text}
        answer = await self._ask(page, form.method.upper(), form.action, values)
        self.seen.tried.add(text)
        self.seen.fields[key] += 1
        if answer.status in {200, 303}:
            self.seen.taken.add(key)
        is_looked_at = form.kinds[name] in FREE or number % self.rest == 0
        if answer.status != 303 and is_looked_at:
            await self._show(page, await answer.text())

    async def _as_it_is_now(self, page: Page, form: Form) -> Form:
        """The same form with what it sends now; the old one when it is gone from its page."""
        answer = await page.context.request.get(form.page)
        parsed = Forms.read(await answer.text(), form.page)
        same = (one for one in parsed.forms if (one.action, one.kinds) == (form.action, form.kinds))
        return next(same, form)

    async def _enter_a_count(self) -> None:
        """Let a teller enter a count sheet that adds up, for another to confirm: nobody has voted."""
        page = await self.browser_of("Teller")
        sheets = await self.forms(page.context, ["/count"], follow=False)
        sheet = next(one for one in sheets if one.action.endswith("/sheet"))
        nobody = {name: "0" for name, kind in sheet.kinds.items() if kind in FREE}
        elected = next(name for name in sheet.kinds if name.startswith("elected"))
        await self.does("Teller", sheet.action, **nobody, **{elected: "yes"})

    # --- the stages ----------------------------------------------------------------------------------

    async def everything(self) -> None:
        """Walk a conference from before its opening to the locked register, and attack on the way."""
        await self.before()
        await self.in_debate()
        await self.in_a_vote()
        await self.afterwards()
        await self.what_has_no_form()

    async def before(self) -> None:
        """Before the opening: who registers, who is invited, who prepares."""
        for name in (REGISTRAR, CHAIR, SECRETARY, "Teller", "Steward", *DELEGATES):
            await self.browser_of(name)
        await self.browser_of(APPLICANT, await self._confirmation("applicant@mail.example"))
        await self.browser_of(SPEAKER, await self._invitation("speaker@mail.example"))
        await self.does(CHAIR, "/factors/authenticator")
        again = urlsplit(
            self.people.links[DELEGATES[0]]
        ).path  # on a second device: asks for a code
        await self.type_everywhere([STRANGER, "Teller"], [again], follow=False)
        await self.tables()
        await self.type_everywhere(ROLES)
        await self.does(REGISTRAR, "/registrar/registration", state="invited")
        await self.type_everywhere([STRANGER], ["/register"], follow=False)

    async def _confirmation(self, email: str) -> str:
        form = {"name": "Ash Applicant", "email": email, "belongs": "", "taking_part": "yes"}
        await self.does(STRANGER, "/register", **form)
        return _link_in(mailed(self.served, email), "r")

    async def _invitation(self, email: str) -> str:
        page = await self.browser_of("Steward")
        found = await self.forms(page.context, ["/invitations"], follow=False)
        form = next(one for one in found if "/invitations/people/" in one.action)
        await self.does("Steward", form.action, email=email)
        return _link_in(mailed(self.served, email), "i")

    async def tables(self) -> None:
        """Look at a table, as CSV and as XLSX, with a hostile row for each column."""
        page = await self.browser_of(REGISTRAR)
        for name, content, columns in hostile_tables(self.texts):
            file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            parts = {"role": "delegate", "file": file}
            answer = await self._ask(page, "POST", "/registrar/import", {}, multipart=parts)
            shown = await self._ask(page, "GET", answer.headers.get("location", ""), {})
            await self._show(page, await (shown if answer.status == 303 else answer).text())
            self.seen.fields.update(columns)
            self.seen.taken |= columns

    async def next_step(self) -> str:
        """Let the chair take the step that the panel suggests; return where it went."""
        page = await self.browser_of(CHAIR)
        for _ in range(20):
            text = await self.until(CHAIR, "/chair", 'class="step suggested')
            found = re.search(r"<form [^>]*class=\"step suggested[^>]*>.*?</form>", text, re.DOTALL)
            assert found
            (form,) = Forms.read(found[0], self.served.url).forms
            if form.method == "get":  # it asks once more before a vote
                asked = await (await self._ask(page, "GET", form.action, form.fixed)).text()
                both = Forms.read(asked, self.served.url).forms
                form = next((one for one in both if one.action.endswith("/chair/votes")), form)
            answer = await self._ask(page, "POST", form.action, form.fixed)
            if answer.status == 303:
                return urlsplit(form.action).path
            # A deadline came in between: the panel suggests something else by now.
        raise AssertionError((form.action, answer.status))

    async def in_debate(self) -> None:
        """The conference is open and debates its first motion: points, motions, amendments."""
        for name in DELEGATES:
            await self.does(name, "/presence", here="yes")
        await self.steps_to("/chair/motions/1/seconded")
        first, second, third, *_ = DELEGATES
        await self._enter_a_count()
        await self.does(
            first, "/motions/1/amendments/new", action="add", paragraph="1", text="More"
        )
        await self.type_everywhere([third], ["/floor", "/procedure", "/motions/1/amendments/new"])
        await self.type_everywhere(["Steward"], ["/queue-keeper?q=Delegate"], follow=False)
        await self.type_everywhere([SECRETARY], ["/count", "/minutes/corrections"], follow=False)
        await self.steps_to("/chair/amendments/1/taking")
        await self.does(first, "/points", about="procedure")
        await self.does(second, "/procedure/adjourn_meeting", minutes="5")
        panel = ["/chair", "/chair/agenda", "/chair/agenda/preview?change=move&item=3&before=5"]
        for _ in range(3):  # what was typed at first has made room for more
            await self.type_everywhere([CHAIR], panel, follow=False)

    async def in_a_vote(self) -> None:
        """A vote is open."""
        await self.steps_to("/chair/votes")
        await self.until(CHAIR, "/chair", "/stop")
        helped = [f"/tellers/assistance?q={DELEGATES[0]}"]
        await self.type_everywhere(["Teller"], helped, follow=False)
        await self.type_everywhere([DELEGATES[0]], ["/floor"], follow=False)
        await self.talk()
        await self.type_everywhere([CHAIR], ["/chair"], follow=False)

    async def afterwards(self) -> None:
        """A vote has been declared; the register is locked."""
        await self.steps_to("/chair/votes")
        await self.until(CHAIR, "/chair", "/closure")
        await self.steps_to("/declaration")
        await self.type_everywhere([CHAIR], ["/chair"], follow=False)
        await self.does(REGISTRAR, "/registrar/registration/lock", sure="yes")
        await self.type_everywhere(["Teller"], ["/tellers"], follow=False)
        await self.does("Teller", "/tellers/draws", number="7")
        await self.type_everywhere([SECRETARY], ["/tellers"], follow=False)

    async def look(self, roles: Sequence[str], *, csp: bool, each_role: bool) -> None:
        """Look at every page, as each of these people or only as the first who may open it."""
        looked_at: set[str] = set()
        for role in roles:
            await self.browser_of(role)
            page = await self.watched(role, csp=csp)
            for path in (*PAGES, "/screen", "/motions/1", "/votes/1"):
                asked = await page.context.request.get(self.served.url + path, max_redirects=0)
                if asked.status == 200 and (each_role or path not in looked_at):
                    looked_at.add(path)
                    await page.goto(self.served.url + path, wait_until="load")
                    self.seen.pages += 1
            people = await page.locator('a[href*="/registrar/people/p"]').evaluate_all(
                "all => all.map((a) => a.href)"
            )
            for address in people[:5]:
                await page.goto(address)
            await page.context.close()

    async def steps_to(self, end: str) -> None:
        """Let the chair go on until a step of this kind was taken."""
        for _ in range(60):
            if (await self.next_step()).endswith(end):
                return
        raise AssertionError(f"no step came to {end}")

    async def until(self, name: str, path: str, words: str) -> str:
        """Wait until this person's page has these words; return the page."""
        page = await self.browser_of(name)
        for _ in range(300):
            text = await (await self._ask(page, "GET", path, {})).text()
            if words in text:
                return text
            await page.wait_for_timeout(100)
        raise AssertionError(f"{path} never had {words}")

    async def talk(self) -> None:
        """Say on the wire what the contract has as examples, with a text in each place."""
        page = await self.browser_of(DELEGATES[0])
        messages = []
        for kind, key in (name.split(".") for _wire, name in sorted(fields.of_the_wire())):
            whole = {
                "n": 1,
                "vote": 1,
                "id": "a-good-one",
                "paper": "for",
                "motion": 1,
                "side": "for",
            }
            known = {k for _w, name in fields.of_the_wire() for k in [name.partition(".")[2]]
                     if name.startswith(f"{kind}.")}  # fmt: skip
            said = {k: v for k, v in {**whole, "slot": 1}.items() if k in known}
            messages.append(json.dumps({"t": kind, **said, key: next(self.texts)}))
            self.seen.fields[WIRE, f"{kind}.{key}"] += 1
        answers = await page.evaluate(TALK, messages)
        assert answers, messages
        for answer in answers:
            told = json.loads(answer)
            await self._show(page, f"<p>{told.get('say', '')}</p>{told.get('html', '')}")

    async def what_has_no_form(self) -> None:
        """Queries of addresses, the search of the panel, and forms that nobody was shown."""
        names = sorted(name for _query, name in fields.of_the_queries())
        for role in (STRANGER, DELEGATES[0], REGISTRAR, CHAIR):
            page = await self.browser_of(role)
            for path in PAGES:
                answer = await self._ask(
                    page, "GET", path, {name: next(self.texts) for name in names}
                )
                if answer.status == 200:
                    await self._show(page, await answer.text())
        self.seen.fields.update((QUERY, name) for name in names)
        panel = await self.watched(CHAIR, csp=False)
        await panel.goto(f"{self.served.url}/chair")
        await panel.keyboard.press("Control+k")
        for _ in range(self.each):
            await panel.locator("#command-line").fill(next(self.texts))
            await panel.wait_for_timeout(50)
        self.seen.fields[SCRIPT, "command-line"] += self.each
        for address, name in sorted(fields.missing(set(self.seen.fields))):
            if (address, name) in UNSEEN or fields.of_forms().get((address, name), "") not in FREE:
                await self._directly(address, name)

    async def _directly(self, address: str, name: str) -> None:
        """Send a form that no page has shown here, as whoever may."""
        for role in (REGISTRAR, CHAIR, DELEGATES[0], "Steward", "Teller", SPEAKER):
            page = await self.browser_of(role)
            where = self.served.url + address.replace("/0", "/1")
            answer = await self._ask(page, "POST", where, {name: next(self.texts)})
            if answer.status != 403:
                break
        await self._show(page, await answer.text())
        self.seen.fields[address, name] += 1


def _link_in(text: str, kind: str) -> str:
    """The path of the link of this kind in a mail."""
    found = re.search(rf"https?://[^/\s]+(/{kind}/\S+)", text)
    assert found, text
    return found[1]


def endless(texts: list[str]) -> Iterator[str]:
    """These texts, over and over."""
    return cycle(texts)
