"""Offices of a real conference: set up, proved, recovered, let in by two others."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conference.rules import acts as a
from conference.rules.kinds import Mode
from conference.store import factors
from conference.web import challenges, totp

JSON = {"Accept": "application/json"}
CHAIR, OTHER, REGISTRAR, TELLER = "Chair (morning)", "Chair (afternoon)", "Registrar", "Teller"
ONE = "Delegate 001"
SECRET = re.compile(r"data-secret>([A-Z2-7 ]+)<")
RECOVERY = re.compile(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>")
LET_IN = re.compile(r"data-let-in>(\d\d \d\d)<")


@pytest.fixture
async def real(house, visitors):
    """The conference is real, and somebody answers for the missing HTTPS."""
    house.site.settings = replace(house.site.settings, without_https="Kim: a test")
    head = house.site.meeting.conference
    for mode in (Mode.REHEARSAL, Mode.REAL):
        refused = await house.site.hall.act(a.SetMode(mode, head.name), visitors.person(REGISTRAR))
        assert refused is None
    return house


async def set_up(visitors, name):
    """A browser of this officer with an authenticator; its secret and the recovery codes."""
    client = await visitors.enter(name)
    await client.post("/factors/authenticator")
    secret = SECRET.search((await client.get("/factors")).text).group(1).replace(" ", "")
    now = visitors.clock.at // 1000 // totp.PERIOD
    done = await client.post(
        "/factors/authenticator/confirmation", data={"code": totp.code(secret, now)}
    )
    assert done.status_code == 200, done.text
    return client, secret, RECOVERY.findall(done.text)


async def again(visitors, name):
    """Another browser of the same person, signed in without a second factor."""
    from conference.web import codes

    async def spoken(desk):
        return await codes.spoken_code(desk, visitors.house.site, visitors.person(name))

    digits = await visitors.house.site.hall.work(spoken)
    client = visitors.nobody()
    answer = await client.post("/sign-in/code", data={"code": digits})
    assert answer.status_code == 303
    return client


@pytest.mark.parametrize(
    ("name", "path"),
    [(CHAIR, "/chair"), (REGISTRAR, "/registrar"), (TELLER, "/count"), (CHAIR, "/officers")],
)
async def test_an_office_does_nothing_before_the_proof(real, visitors, name, path):
    client = await visitors.enter(name)
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/prove?next={path}")
    assert (await client.get(f"/prove?next={path}")).headers["location"] == "/factors"
    page = (await client.get("/factors")).text
    assert "Accept your office" in page
    assert f'href="{path}"' not in page
    for address in ("/chair/opening", "/registrar/people", "/officers/notes", "/count/10/sheet"):
        answer = await client.post(address, data={})
        assert answer.status_code == 403, address
    told = await client.get(path, headers=JSON)
    assert (told.status_code, told.json()["code"]) == (403, "needs_proof")
    assert (await client.get("/floor")).status_code == 200


async def test_an_office_is_accepted_by_setting_up_and_proving(real, visitors):
    client, secret, recovery = await set_up(visitors, CHAIR)
    assert len(recovery) == 10
    assert (await client.get("/chair")).status_code == 200
    assert (
        '<a class="button primary" href="/chair">Go on</a>' in (await client.get("/factors")).text
    )
    other = await again(visitors, CHAIR)  # another sign-in has proved nothing
    assert (await other.get("/chair")).headers["location"] == "/prove?next=/chair"
    old = other.cookies["conference"]
    present = visitors.clock.at // 1000 // totp.PERIOD
    used = await other.post("/prove", data={"code": totp.code(secret, present)})
    assert (used.status_code, 'data-code="code_invalid"' in used.text) == (422, True)  # once only
    visitors.clock.at += 31_000
    form = {"code": totp.code(secret, present + 1), "next": "/chair"}
    answer = await other.post("/prove", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/chair")
    assert other.cookies["conference"] != old  # more rights, another secret
    assert (await other.get("/chair")).status_code == 200


async def test_what_is_mistyped_is_called_by_its_name(real, visitors):
    client = await visitors.enter(CHAIR)
    await client.post("/factors/authenticator")
    page = (await client.get("/factors")).text
    assert '<a href="otpauth://totp/' in page  # the app may be on the same telephone
    confirmation = "/factors/authenticator/confirmation"
    for typed, said in (
        ("", "This is missing."),
        ("12 34", "This is too short."),
        ("12345678901234", "This is too long."),
        ("onetwothree", "This does not look as expected."),
    ):
        answer = await client.post(confirmation, data={"code": typed})
        assert (answer.status_code, said in answer.text) == (422, True), typed


async def test_a_recovery_code_works_once(real, visitors):
    _client, _secret, recovery = await set_up(visitors, CHAIR)
    for spelled, status in ((recovery[0].upper(), 303), (recovery[0], 422), (recovery[1], 303)):
        client = await again(visitors, CHAIR)
        assert (await client.post("/prove", data={"code": spelled})).status_code == status
    async with real.site.store.reading() as reader:
        assert (await factors.of(reader, visitors.person(CHAIR))).recovery == 8
    stranger, _secret, _codes = await set_up(visitors, OTHER)
    client = await again(visitors, OTHER)
    assert (await client.post("/prove", data={"code": recovery[2]})).status_code == 422
    fresh = RECOVERY.findall((await stranger.post("/factors/recovery")).text)
    assert len(set(fresh)) == 10


async def test_nothing_is_changed_without_a_proof(real, visitors):
    client, secret, _codes = await set_up(visitors, CHAIR)
    other = await again(visitors, CHAIR)
    for path, form in (
        ("/factors/authenticator", {}),
        ("/factors/authenticator/confirmation", {"code": "123456"}),
        ("/factors/removal", {"factor": "authenticator"}),
        ("/factors/recovery", {}),
    ):
        answer = await other.post(path, data=form)
        assert (answer.status_code, 'data-code="needs_proof"' in answer.text) == (403, True), path
    assert secret not in (await other.get("/factors")).text.replace(" ", "")
    last = await client.post("/factors/removal", data={"factor": "authenticator"})
    assert (last.status_code, 'data-code="last_factor"' in last.text) == (409, True)


async def test_wrong_codes_lock_nobody_out(real, visitors):
    _client, _secret, recovery = await set_up(visitors, CHAIR)
    attacker = await again(visitors, CHAIR)
    answers = [await attacker.post("/prove", data={"code": "000000"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [422] * 6 + [429]
    client = await again(visitors, CHAIR)
    assert (await client.post("/prove", data={"code": recovery[0]})).status_code == 303


async def test_two_officers_let_a_third_in(real, visitors):
    await set_up(visitors, CHAIR)
    first, *_ = await set_up(visitors, REGISTRAR)
    second, *_ = await set_up(visitors, TELLER)
    locked = await again(visitors, CHAIR)
    assert (await locked.post("/prove/help")).status_code == 303
    page = (await locked.get("/prove")).text
    number = LET_IN.search(page).group(1)
    mark = real.site.links.mark(visitors.person(CHAIR))
    form = {"person": mark, "number": number}
    assert (await locked.post("/let-in", data=form)).status_code == 403  # not by oneself
    wrong = "00 00" if number != "00 00" else "11 11"
    answer = await first.post("/let-in", data={"person": mark, "number": wrong})
    assert (answer.status_code, 'data-code="code_invalid"' in answer.text) == (422, True)
    assert "One more officer is needed" not in page
    for _ in range(2):  # one officer twice is still one
        assert (await first.post("/let-in", data=form)).status_code == 303
        assert (await locked.get("/chair")).status_code == 303
    assert f"{REGISTRAR} has let you in. One more officer" in (await locked.get("/prove")).text
    delegate = await visitors.enter(ONE)
    assert (await delegate.post("/let-in", data=form)).status_code == 403
    assert (await second.post("/let-in", data=form)).status_code == 303
    assert (await locked.get("/chair")).status_code == 200
    elsewhere = await again(visitors, CHAIR)  # only there, where they asked
    assert (await elsewhere.get("/chair")).status_code == 303
    async with real.site.store.reading() as reader:
        found = await reader.conn.exec_driver_sql("SELECT who, body FROM journal ORDER BY number")
        who, body = found.all()[-1]
    assert who == visitors.person(TELLER)
    assert visitors.person(REGISTRAR) in body
    assert '"LetIn"' in body


async def test_nobody_is_let_in_after_a_quarter_of_an_hour(real, visitors):
    await set_up(visitors, CHAIR)
    first, *_ = await set_up(visitors, REGISTRAR)
    locked = await again(visitors, CHAIR)
    await locked.post("/prove/help")
    assert CHAIR in (await first.get("/let-in")).text
    visitors.clock.at += 15 * 60 * 1000
    assert "Nobody asks to be let in." in (await first.get("/let-in")).text


async def test_a_fresh_link_from_the_host_ends_second_factors(real, visitors):
    from conference.commands import LinkRequest, fresh_links
    from conference.rules.kinds import Role
    from conference.web.site import new_person

    client, *_ = await set_up(visitors, CHAIR)
    site = real.site
    await fresh_links(site.hall, site.links, LinkRequest(Role.CHAIR, CHAIR, 1), new_person)
    assert (await client.get("/me")).status_code == 303
    async with site.store.reading() as reader:
        assert not (await factors.of(reader, visitors.person(CHAIR))).ready


async def test_a_live_panel_needs_the_proof(real, visitors):
    from conference.rules.refused import Refused
    from conference.web import regions
    from conference.web.guard import Visit
    from conference.web.live import _view
    from conference.web.sentences import Wrong

    person = real.site.meeting.people[visitors.person(CHAIR)]
    locked = Visit(replace(person, roles=frozenset()), "s", None, person.roles)

    class Socket:
        def __init__(self, view):
            self.query_params, self.cookies = {"view": view}, {}

    for view in regions.OF_OFFICES:
        assert _view(real.site, Socket(view), locked) == Refused(Wrong.NEEDS_PROOF)
    assert _view(real.site, Socket("my"), locked) == "my"


async def test_passkeys_need_a_host_name(house, visitors):
    client = await visitors.enter(ONE)
    await client.get("/sign-in?other=yes")
    answer = await client.post("/passkeys/challenge", data={"purpose": "add"})
    assert (answer.status_code, 'data-code="no_passkeys"' in answer.text) == (409, True)
    assert (
        "a passkey needs an encrypted one with a host name" in (await client.get("/factors")).text
    )


async def test_an_answer_nobody_asked_for_is_no_passkey(house, visitors):
    house.site.settings = replace(house.site.settings, public_url="http://localhost:8000")
    client = await visitors.enter(ONE)
    for path in ("/passkeys", "/passkeys/proof", "/passkeys/entry"):
        for credential in ("{}", "[]", "null", '{"id": 1}', "not json"):
            answer = await client.post(
                path, data={"credential": credential}, headers={"Origin": "http://localhost:8000"}
            )
            assert answer.status_code == 403, (path, credential)


def test_a_challenge_is_good_for_one_answer_of_one_browser():
    open_ = challenges.Challenges()
    asked = open_.ask("phone", "prove", 0)
    assert open_.take("desk", "prove", 1) is None
    assert open_.take("phone", "add", 1) is None
    assert open_.take("phone", "prove", 1) == asked
    assert open_.take("phone", "prove", 1) is None
    open_.ask("phone", "prove", 0)
    assert open_.take("phone", "prove", challenges.LASTS_MS) is None


async def test_the_registrar_does_not_choose_where_an_officers_mail_goes(house, visitors):
    registrar = await visitors.enter(REGISTRAR)
    for name, status in ((CHAIR, 403), (TELLER, 403), (ONE, 303), (REGISTRAR, 303)):
        path = f"/registrar/people/{visitors.person(name)}/address"
        answer = await registrar.post(path, data={"email": "mine@mail.example", "shared": "yes"})
        assert answer.status_code == status, name


async def test_an_export_asks_for_the_factor_once_more(real, visitors):
    desk, _secret, recovery = await set_up(visitors, REGISTRAR)
    secretary, _secret, _codes = await set_up(visitors, "Secretary")
    await desk.post("/registrar/exports", data={"what": "links"})
    assert (await secretary.post("/officers/steps/1/confirmation")).status_code == 303
    visitors.clock.at += 5 * 60_000 + 1  # the sign-in was left open
    page = (await desk.get("/registrar/exports")).text
    assert "Take the file" not in page
    assert 'href="/prove?again=yes&amp;next=/registrar/exports"' in page
    file = "/registrar/exports/1/file"
    told = await desk.post(file, data={"kind": "csv"}, headers=JSON)
    assert (told.status_code, told.json()["code"]) == (403, "needs_proof")
    led = (await desk.post(file, data={"kind": "csv"})).headers["location"]
    assert led == "/prove?again=yes&next=/registrar/exports"
    assert "Once more" in (await desk.get(led)).text
    assert (await desk.get("/registrar")).status_code == 200  # the desk itself goes on
    form = {"code": recovery[0], "next": "/registrar/exports"}
    assert (await desk.post("/prove", data=form)).headers["location"] == "/registrar/exports"
    assert (await desk.get(led)).headers["location"] == "/registrar/exports"
    taken = await desk.post(file, data={"kind": "csv"})
    assert (taken.status_code, taken.headers["content-type"][:8]) == (200, "text/csv")


async def test_without_a_device_two_others_let_the_registrar_take_the_export(real, visitors):
    desk, _secret, _codes = await set_up(visitors, REGISTRAR)
    helpers = [(await set_up(visitors, name))[0] for name in (CHAIR, OTHER)]
    refused = await desk.post("/prove/help", data={"next": "/registrar/exports"}, headers=JSON)
    assert refused.status_code == 403  # the factor was shown a moment ago
    visitors.clock.at += 5 * 60_000 + 1
    answer = await desk.post("/prove/help", data={"next": "/registrar/exports"})
    number = LET_IN.search((await desk.get(answer.headers["location"])).text).group(1)
    mark = real.site.links.mark(visitors.person(REGISTRAR))
    for helper in helpers:
        done = await helper.post("/let-in", data={"person": mark, "number": number})
        assert done.status_code == 303
    assert (await desk.get(answer.headers["location"])).headers["location"] == "/registrar/exports"
