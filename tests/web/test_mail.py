"""The postman: real SMTP, files without it, nothing lost; and the command that proves the settings."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import mailbox
import os
import socket
import stat
import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller

from conference import app, founding
from conference.programme import LAUNCH, read
from conference.rules.kinds import Mode
from conference.settings import Settings, Smtp
from conference.store import mail
from tests.counting import InProcess
from tests.store.meetings import opened
from tests.web.conftest import FakeClock, Visitors
from tests.web.mails import FORM, last_to, mails_to, path_in

EMAIL = FORM["email"]


@dataclass
class Inbox:
    """A mail server's mind: what it took, and how it answers."""

    taken: list = field(default_factory=list)
    answer: str = "250 taken"
    recipient: str = "250 known"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(
                email.message_from_bytes(envelope.content, policy=email.policy.default)
            )
        return self.answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


@contextlib.contextmanager
def mail_server(inbox, port=0):
    controller = Controller(inbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextlib.asynccontextmanager
async def posting(tmp_path, monkeypatch, port, mode=Mode.REHEARSAL, per_minute=6000):
    """A house that sends its mail to this port."""
    clock = FakeClock()
    monkeypatch.setattr(app, "running_clock", lambda: clock)
    store = await opened(tmp_path / "data", clock())
    meeting = await founding.found(store, read(LAUNCH), mode, clock())
    smtp = Smtp("127.0.0.1", port, sender="post@conference.example", security="none",
                per_minute=per_minute)  # fmt: skip
    counter = InProcess(tmp_path / "data")
    built = await app.build(Settings(data=tmp_path / "data", smtp=smtp), store, meeting, counter)
    async with app.running(built.site, built.press):
        visitors = Visitors(built, clock)
        yield visitors
        for client in visitors.open:
            await client.aclose()
    counter.close()


async def until(what):
    """Wait until this is true, a few seconds at most."""
    for _ in range(300):
        if result := (await what() if asyncio.iscoroutinefunction(what) else what()):
            return result
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def state_of(house, address):
    async with house.site.store.reading() as reader:
        found = await mail.get(reader, 1)
    assert found.recipient == address
    return found


async def test_a_mail_goes_out(tmp_path, monkeypatch):
    inbox = Inbox()
    with mail_server(inbox) as port:
        async with posting(tmp_path, monkeypatch, port) as visitors:
            client = visitors.nobody()
            await client.post("/register", data=FORM)
            (message,) = await until(lambda: inbox.taken)
            page = await client.get("/register?sent=yes")
            assert "is on its way" in page.text

            async def sent():
                return (await state_of(visitors.house, EMAIL)).state == mail.SENT

            await until(sent)
            assert message["From"] == "post@conference.example"
            assert message["To"] == EMAIL
            assert message["Subject"] == "Your link"
            text = message.get_body(("plain",)).get_content()
            html = message.get_body(("html",)).get_content()
            assert "Rehearsal: nothing decided here counts." in text
            assert "Rehearsal: nothing decided here counts." in html
            assert "Labour" not in str(message)
            assert path_in(await state_of(visitors.house, EMAIL)) in html
            assert not (tmp_path / "data" / "mail").exists()
            registrar = await visitors.enter("Registrar")
            assert EMAIL not in (await registrar.get("/registrar/mail")).text
            # With a mail server a sign-in lasts ten minutes.
            await client.post(path_in(await state_of(visitors.house, EMAIL)))
            await client.post("/sign-in", data={"email": EMAIL})
            await until(lambda: len(inbox.taken) == 2)
            assert "for 10 minutes" in inbox.taken[1].get_body(("plain",)).get_content()


async def test_a_demonstration_sends_nothing_outside(tmp_path, monkeypatch):
    inbox = Inbox()
    with mail_server(inbox) as port:
        async with posting(tmp_path, monkeypatch, port, Mode.DEMONSTRATION) as visitors:
            await visitors.nobody().post("/register", data=FORM)
            path = tmp_path / "data" / "mail" / "1.eml"
            await until(path.exists)
            assert inbox.taken == []


async def test_without_a_server_it_is_a_file(visitors, house, client):
    await client.post("/register", data=FORM)
    path = house.site.settings.data / "mail" / "1.eml"
    await until(path.exists)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == EMAIL
    # The link stands in the file as it is, neither broken nor encoded.
    assert path_in(await last_to(house, EMAIL)) in path.read_text()

    async def filed():
        return (await state_of(house, EMAIL)).state == mail.FILE

    await until(filed)


async def test_a_server_that_is_down_loses_nothing(tmp_path, monkeypatch):
    port = free_port()
    async with posting(tmp_path, monkeypatch, port) as visitors:
        await visitors.nobody().post("/register", data=FORM)

        async def tried():
            return (await state_of(visitors.house, EMAIL)).tries

        await until(tried)
        row = await state_of(visitors.house, EMAIL)
        assert (row.state, row.next_at) == (mail.QUEUED, visitors.clock.at + 15_000)
        registrar = await visitors.enter("Registrar")
        page = await registrar.get("/registrar/mail")
        assert row.error
        assert row.error in page.text
        assert path_in(row) not in page.text  # it will be sent: nobody has to pass it on
        inbox = Inbox()
        with mail_server(inbox, port):
            visitors.house.site.mail_wake()
            await asyncio.sleep(0.2)
            assert inbox.taken == []  # not yet due
            visitors.clock.at += 15_001
            visitors.house.site.mail_wake()
            await until(lambda: inbox.taken)


async def test_a_temporary_refusal_is_tried_again_and_a_final_one_shown(tmp_path, monkeypatch):
    inbox = Inbox(recipient="451 greylisted")
    with mail_server(inbox) as port:
        async with posting(tmp_path, monkeypatch, port) as visitors:
            await visitors.nobody().post("/register", data=FORM)

            async def tried():
                return (await state_of(visitors.house, EMAIL)).tries

            await until(tried)
            assert (await state_of(visitors.house, EMAIL)).state == mail.QUEUED
            inbox.recipient = "550 no such user"
            visitors.clock.at += 15_001
            visitors.house.site.mail_wake()

            async def failed():
                return (await state_of(visitors.house, EMAIL)).state == mail.FAILED

            await until(failed)
            registrar = await visitors.enter("Registrar")
            assert "(1 failed)" in (await registrar.get("/registrar")).text
            page = await registrar.get("/registrar/mail")
            assert "550 no such user" in page.text
            inbox.recipient = "250 known"
            assert (
                await registrar.post("/registrar/mail/1", data={"wish": "again"})
            ).status_code == 303
            await until(lambda: inbox.taken)


async def test_one_bad_address_does_not_hold_up_the_rest(tmp_path, monkeypatch):
    inbox = Inbox()

    async def choosy(server, session, envelope, address, options):
        if address.startswith("bad"):
            return "550 no"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    inbox.handle_RCPT = choosy
    with mail_server(inbox) as port:
        async with posting(tmp_path, monkeypatch, port) as visitors:
            for name in ("bad", "one", "two"):
                form = {**FORM, "email": f"{name}@mail.example"}
                await visitors.nobody().post("/register", data=form)
            await until(lambda: len(inbox.taken) == 2)
            assert {m["To"] for m in inbox.taken} == {"one@mail.example", "two@mail.example"}


async def test_what_was_queued_before_a_crash_is_sent_after_it(tmp_path, monkeypatch):
    port = free_port()
    async with posting(tmp_path, monkeypatch, port) as visitors:
        await visitors.nobody().post("/register", data=FORM)
        assert len(await mails_to(visitors.house, EMAIL)) == 1
    inbox = Inbox()
    with mail_server(inbox, port):
        clock = FakeClock()
        clock.at += 60_000
        monkeypatch.setattr(app, "running_clock", lambda: clock)
        store = await opened(tmp_path / "data", clock())
        smtp = Smtp(host="127.0.0.1", port=port, security="none")
        settings = Settings(data=tmp_path / "data", smtp=smtp)
        counter = InProcess(tmp_path / "data")
        built = await app.build(settings, store, await store.load(), counter)
        async with app.running(built.site, built.press):
            await until(lambda: inbox.taken)


def run_test(listening, *, address="host@mail.example", **settings):
    env = {k: v for k, v in os.environ.items() if not k.startswith("CONFERENCE_")}
    if listening:
        env |= {
            "CONFERENCE_SMTP_HOST": "127.0.0.1",
            "CONFERENCE_SMTP_PORT": str(listening),
            "CONFERENCE_SMTP_SECURITY": "none",
            "CONFERENCE_SMTP_SENDER": "post@conference.example",
        }
    env |= {f"CONFERENCE_SMTP_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "conference", "mail", "test", address],
        env=env, text=True, capture_output=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_settings_are_proved():
    inbox = Inbox()
    with mail_server(inbox) as port:
        done = run_test(port)
    assert (done.returncode, done.stderr) == (0, "")
    assert "has taken the mail" in done.stdout
    (message,) = inbox.taken
    assert message["To"] == "host@mail.example"


@pytest.mark.parametrize(
    ("answers", "settings", "sentence"),
    [
        ({"recipient": "550 no such user"}, {}, "550 no such user"),
        ({"answer": "554 spam"}, {}, "554 spam"),
        ({}, {"security": "starttls"}, "CONFERENCE_SMTP_SECURITY"),
        ({}, {"user": "me", "password": "wrong"}, "CONFERENCE_SMTP_USER"),
        ({}, {"host": "no-such-machine.invalid"}, "CONFERENCE_SMTP_HOST"),
        ({}, {"port": "99999"}, "CONFERENCE_SMTP_PORT"),
    ],
)
def test_each_failure_is_one_sentence(answers, settings, sentence):
    with mail_server(Inbox(**answers)) as port:
        done = run_test(port, **settings)
    assert done.returncode == 2, done.stdout
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "wrong" not in done.stderr  # the password


def test_nothing_listens_and_nothing_is_set():
    done = run_test(free_port())
    assert (done.returncode, "Nothing takes mail at 127.0.0.1" in done.stderr) == (2, True)
    done = run_test(0)
    assert (done.returncode, "CONFERENCE_SMTP_HOST" in done.stderr) == (2, True)
    done = run_test(1, address="nobody")
    assert (done.returncode, "is not an e-mail address" in done.stderr) == (2, True)


@contextlib.contextmanager
def mail_process(folder):
    """A mail server as a process of its own, which keeps what it takes in this folder."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"),
            *("-c", "aiosmtpd.handlers.Mailbox", str(folder)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


async def test_a_server_process_takes_mails_at_the_set_pace_and_urgent_ones_first(
    tmp_path, monkeypatch
):
    kept = tmp_path / "kept"
    kept.mkdir()
    with mail_process(kept / "box") as port:
        async with posting(tmp_path, monkeypatch, port, per_minute=240) as visitors:

            async def some(desk):
                for number in range(6):
                    address = f"bulk{number}@mail.example"
                    await mail.queue(desk.tx, address, "s", "t", "<p>t", desk.now())
                await mail.queue(
                    desk.tx, "urgent@mail.example", "Your link", "t", "<p>t", desk.now(),
                    urgent=True,
                )  # fmt: skip

            await visitors.house.site.hall.work(some)
            began = time.monotonic()
            visitors.house.site.mail_wake()
            box = mailbox.Maildir(str(kept / "box"), create=False)

            async def all_sent():
                async with visitors.house.site.store.reading() as reader:
                    return not await mail.waiting(reader)

            await until(all_sent)
            assert time.monotonic() - began >= 6 * 0.25 - 0.05  # never faster than the setting
            taken = sorted(box.values(), key=lambda message: message["Message-ID"])
            assert len(taken) == 7
    by_arrival = sorted((kept / "box" / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    message = email.message_from_bytes(by_arrival[0].read_bytes(), policy=email.policy.default)
    assert message["To"] == "urgent@mail.example"
    assert message.get_body(("html",)) is not None
    assert message.get_body(("plain",)) is not None
