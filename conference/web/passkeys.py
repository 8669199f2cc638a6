"""Passkeys: asking a browser for one, and checking what it answers (WebAuthn level 3).

They work where the address has a host name and the connection is secure, and never depend on us alone:
everything else that signs in goes on working.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from conference.rules.kinds import PersonId
from conference.settings import LOOPBACK, Settings
from conference.store.factors import Passkey
from conference.web.site import Site


def host_of(settings: Settings) -> str:
    """Return the host name that passkeys belong to; empty where a browser would make none."""
    parts = urlsplit(settings.address)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        secure = parts.scheme == "https" or host in LOOPBACK
        return host if secure else ""
    return ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey that a browser has proved to hold."""

    id: str
    public_key: str
    sign_count: int


def creation(site: Site, person: PersonId, challenge: bytes, known: tuple[Passkey, ...]) -> str:
    """Return what a browser is asked to make a passkey with, as JSON."""
    import webauthn  # noqa: PLC0415  (a fifth of a second that a start need not spend)
    from webauthn.helpers import structs as s  # noqa: PLC0415

    options = webauthn.generate_registration_options(
        rp_id=host_of(site.settings),
        rp_name=site.meeting.conference.name,
        user_name=site.name(person),
        user_id=bytes.fromhex(site.links.keyed_hash("passkey", person)),
        challenge=challenge,
        authenticator_selection=s.AuthenticatorSelectionCriteria(
            resident_key=s.ResidentKeyRequirement.REQUIRED,
            user_verification=s.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            s.PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(key.id)) for key in known
        ],
    )
    return webauthn.options_to_json(options)


def request(site: Site, challenge: bytes, known: tuple[Passkey, ...] = ()) -> str:
    """Return what a browser is asked to show a passkey with, as JSON; none known: any of ours."""
    import webauthn  # noqa: PLC0415  (as above)
    from webauthn.helpers import structs as s  # noqa: PLC0415

    options = webauthn.generate_authentication_options(
        rp_id=host_of(site.settings),
        challenge=challenge,
        allow_credentials=[
            s.PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(key.id)) for key in known
        ],
        user_verification=s.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def check_new(site: Site, credential: str, challenge: bytes) -> Made | None:
    """Return the passkey that the browser has made, or None when its answer does not hold."""
    import webauthn  # noqa: PLC0415  (as above)
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host_of(site.settings),
            expected_origin=site.settings.address,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return Made(
        webauthn.helpers.bytes_to_base64url(made.credential_id),
        webauthn.helpers.bytes_to_base64url(made.credential_public_key),
        made.sign_count,
    )


def id_of(credential: str) -> str:
    """Return the id that an answer names; empty when it is no answer."""
    try:
        found = json.loads(credential)
    except ValueError:
        return ""
    number = found.get("id", "") if isinstance(found, dict) else ""
    return number if isinstance(number, str) else ""


def check_shown(site: Site, credential: str, challenge: bytes, key: Passkey) -> int | None:
    """Return how far the shown passkey has counted, or None when the answer does not hold.

    One that counts backwards is a copy, and does not hold either.
    """
    import webauthn  # noqa: PLC0415  (as above)
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host_of(site.settings),
            expected_origin=site.settings.address,
            credential_public_key=webauthn.base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None
    return shown.new_sign_count
