"""Who may read `/metrics`, and that the counts count."""

from __future__ import annotations

from dataclasses import replace

from conference.meters import Histogram

TOKEN = "0123456789abcdef"


async def test_with_a_token_only_the_token_opens(house, client):
    house.site.settings = replace(house.site.settings, metrics_token=TOKEN)
    wrong = ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"})
    assert [(await client.get("/metrics", headers=h)).status_code for h in wrong] == [404] * 3
    right = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert right.status_code == 200
    assert right.headers["content-type"].startswith("text/plain; version=0.0.4")


async def test_ready_is_not_alive(house, client):
    assert (await client.get("/healthz")).json()["ok"] is True
    house.site.ready = False
    assert (await client.get("/healthz")).status_code == 503
    assert (await client.get("/healthz/live")).status_code == 200
    house.site.ready = True


def test_a_histogram_counts_up_to_each_bound():
    seen = Histogram((1, 5))
    for value in (0.5, 1, 3, 9):
        seen.see(value)
    assert list(seen.lines("x")) == [
        'x_bucket{le="1"} 2', 'x_bucket{le="5"} 3', 'x_bucket{le="+Inf"} 4',
        "x_sum 13.500000", "x_count 4",
    ]  # fmt: skip
