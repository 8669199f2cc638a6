"""Speakers' pictures: decoded, made small and square, and written anew, so that nothing else comes along.

What is kept and sent out are pixels that we have encoded ourselves: no place, no time, no camera, no
second file hidden behind the first. Only three formats are ever decoded, and none of more pixels than
a camera makes.
"""

from __future__ import annotations

import asyncio
import io

from PIL import Image, ImageOps
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.hall import Desk
from conference.permission import PUBLIC, SPEAKER
from conference.rules import slots
from conference.rules.kinds import PersonId
from conference.rules.refused import Refused
from conference.store import speakers
from conference.web import forms
from conference.web.guard import Refusal, Visit, route, unless_refused
from conference.web.limiting import allow
from conference.web.sentences import Wrong
from conference.web.site import Site, site_of
from conference.web.speaker import Seen as Plain

MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIDE = 480
FORMATS = ("JPEG", "PNG", "WEBP")


def encoded(content: bytes) -> bytes | None:
    """Return this picture as a square JPEG of our own making, or None when it cannot be used.

    The size is read before anything is decoded: a small file that unfolds to gigabytes is refused.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as found:
            width, height = found.size
            if width * height > MOST_PIXELS:
                return None
            found.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(found)
            square = ImageOps.fit(upright.convert("RGB"), (SIDE, SIDE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    fresh = Image.new("RGB", square.size)
    fresh.paste(square)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=82)
    return out.getvalue()


async def _uploaded(request: Request) -> bytes:
    """Return the one file of the form. Raises BadForm for anything else."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refusal(Refused(Wrong.PICTURE_REFUSED))
    async with request.form(max_files=1, max_fields=0) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Refusal(Refused(Wrong.PICTURE_REFUSED))
        return await file.read(MOST_BYTES + 1)


async def put(request: Request, visit: Visit) -> Response:
    """Keep the speaker's picture in place of an earlier one; what cannot be used is refused."""
    site = site_of(request)
    allow(request, "10/minute", "picture", visit.session)
    content = await asyncio.to_thread(encoded, await _uploaded(request))
    if content is None:
        raise Refusal(Refused(Wrong.PICTURE_REFUSED))

    async def work(desk: Desk) -> None:
        await speakers.put_picture(desk.tx, visit.id, content, desk.now())
        site.backstage.pictures.add(visit.id)

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/speaker/about#picture", 303)


async def remove(request: Request, visit: Visit) -> Response:
    """Forget the speaker's picture."""
    site = site_of(request)
    await forms.read(request, Plain)

    async def work(desk: Desk) -> None:
        await speakers.drop_picture(desk.tx, visit.id)
        site.backstage.pictures.discard(visit.id)

    unless_refused(await site.hall.work(work))
    return RedirectResponse("/speaker/about#picture", 303)


async def show(request: Request, visit: Visit) -> Response:
    """Send a speaker's picture: to everybody once it is published, else to the speaker only."""
    site, person = site_of(request), PersonId(request.path_params["person"])
    own = visit.person is not None and visit.id == person
    if not own and not is_published(site, person):
        raise Refusal(Refused(Wrong.NOT_FOUND))
    async with site.store.reading() as reader:
        content = await speakers.picture(reader, person)
    if content is None:
        raise Refusal(Refused(Wrong.NOT_FOUND))
    return Response(content, media_type="image/jpeg")


def is_published(site: Site, person: PersonId) -> bool:
    """Say whether what this speaker tells of themselves is shown: they agreed, and are announced."""
    if not site.backstage.details(person).published:
        return False
    return any(
        slots.is_public(site.meeting, slot) for slot in slots.of_person(site.meeting, person)
    )


ROUTES = [
    route("/speaker/picture", put, SPEAKER, ("POST",), most=MOST_BYTES + 64 * 1024),
    route("/speaker/picture/removal", remove, SPEAKER, ("POST",)),
    route("/speakers/{person}/picture", show, PUBLIC),
]
