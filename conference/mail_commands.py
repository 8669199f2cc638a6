"""`mail test ADDRESS`: proves the mail settings by sending one mail that says nothing."""

from __future__ import annotations

import socket
import ssl
from email.utils import formatdate, make_msgid

import aiosmtplib

from conference.errors import CannotStart
from conference.mail import SECONDS, new_message, sender_of, smtp_client
from conference.settings import Settings
from conference.web.forms import is_email
from conference.web.text import gettext as _


async def test(settings: Settings, address: str) -> str:
    """Send one mail and return the sentence of success. Raises CannotStart with what is wrong."""
    smtp = settings.smtp
    if not smtp.host:
        raise CannotStart(
            _("No mail server is set: set CONFERENCE_SMTP_HOST (and PORT, USER, PASSWORD, SENDER).")
        )
    if not is_email(address):
        raise CannotStart(_("%(address)r is not an e-mail address.") % {"address": address})
    sender = sender_of(settings)
    message = new_message(sender, address, _("Your test"))
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(_("This mail proves that the settings for mail work.") + "\n")
    try:
        async with smtp_client(smtp) as client:
            await client.send_message(message)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise CannotStart(_sentence(error, settings)) from error
    taken = _("The mail server %(host)s has taken the mail. Look whether it arrives, also in spam.")
    return taken % {"host": smtp.host}


def _sentence(error: Exception, settings: Settings) -> str:
    """Say what went wrong and which setting it hangs on."""
    smtp = settings.smtp
    facts: dict[str, object] = {
        "host": smtp.host, "port": smtp.port, "user": smtp.user, "security": smtp.security,
        "sender": sender_of(settings), "seconds": SECONDS,
        "said": _said(error), "kind": type(error).__name__,
    }  # fmt: skip
    return _reason(error) % facts


def _said(error: BaseException) -> str:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}".strip()
    return str(error) or type(error).__name__


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error.__context__ or error
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return _("%(host)s does not accept the user and password in CONFERENCE_SMTP_USER and "
                 "CONFERENCE_SMTP_PASSWORD; it said: %(said)s")  # fmt: skip
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return _("%(host)s does not take mail from %(sender)s (CONFERENCE_SMTP_SENDER); it said: "
                 "%(said)s")  # fmt: skip
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPRecipientRefused):
        return _("%(host)s does not take mail for this address; it said: %(said)s")
    if type(error) is aiosmtplib.SMTPException and "AUTH" in str(error):
        return _("%(host)s:%(port)s lets nobody sign in like this (CONFERENCE_SMTP_USER): leave the "
                 "user out, or choose encryption in CONFERENCE_SMTP_SECURITY.")  # fmt: skip
    if type(error) is aiosmtplib.SMTPException and "STARTTLS" in str(error):
        return _("%(host)s:%(port)s offers no encryption by STARTTLS: choose tls or none in "
                 "CONFERENCE_SMTP_SECURITY.")  # fmt: skip
    if isinstance(cause, socket.gaierror):
        return _("There is no machine named %(host)s (CONFERENCE_SMTP_HOST).")
    if isinstance(cause, ssl.SSLError) or isinstance(error, ssl.SSLError):
        return _("%(host)s:%(port)s could not be encrypted with security %(security)s "
                 "(CONFERENCE_SMTP_SECURITY); the reason: %(said)s")  # fmt: skip
    if isinstance(error, aiosmtplib.SMTPTimeoutError | TimeoutError):
        return _("%(host)s:%(port)s did not answer within %(seconds)s seconds: is the port right "
                 "(CONFERENCE_SMTP_PORT), and does a firewall stand between?")  # fmt: skip
    if isinstance(error, aiosmtplib.SMTPConnectError | OSError):
        return _("Nothing takes mail at %(host)s:%(port)s (CONFERENCE_SMTP_HOST, "
                 "CONFERENCE_SMTP_PORT); the reason: %(said)s")  # fmt: skip
    return _("%(host)s did not take the mail; it said: %(said)s (%(kind)s)")
