"""Files of `static/` go packed to who can unpack them, and not again to who has them."""

from __future__ import annotations

import gzip

import pytest

from conference.web.templates import folder


@pytest.mark.parametrize("path", ["css/conference.css", "js/live.js", "vendor/noble.js"])
async def test_packed_and_not_sent_twice(client, path):
    whole = (folder("static") / path).read_bytes()
    plain = await client.get(f"/static/{path}", headers={"Accept-Encoding": "identity"})
    assert (plain.status_code, plain.content) == (200, whole)
    assert "content-encoding" not in plain.headers
    async with client.stream("GET", f"/static/{path}") as packed:
        raw = b"".join([part async for part in packed.aiter_raw()])
    assert packed.headers["content-encoding"] == "gzip"
    assert len(raw) < len(whole) / 2
    assert gzip.decompress(raw) == whole
    assert packed.headers["content-type"] == plain.headers["content-type"]
    again = await client.get(f"/static/{path}", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_changed_file_is_sent_anew(tmp_path):
    from conference.web.files import Files

    (tmp_path / "a.js").write_text("1")
    files = Files(tmp_path)
    first = files._file("a.js")
    (tmp_path / "a.js").write_text("22")
    second = files._file("a.js")
    assert (first.body, second.body) == (b"1", b"22")
    assert first.mark != second.mark


@pytest.mark.parametrize("path", ["js/none.js", "../README.md", "js/../../run.py", "js", ""])
async def test_what_is_not_there(client, path):
    assert (await client.get(f"/static/{path}")).status_code == 404
    assert (await client.post("/static/js/live.js")).status_code in {403, 405}
