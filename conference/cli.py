"""The command line. Exit codes: 0 well, 1 findings, 2 refused to start."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from conference.errors import CannotStart
from conference.settings import Settings, SettingsError, Smtp, check_public_url

SHORTEST_TOKEN = 16

DEFAULTS = {"auto_envvar_prefix": "CONFERENCE"}


class _Group(click.Group):
    """`serve` when no command is named; every known error as one sentence."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = [arg for arg in args if not arg.startswith("-")]
        if (not named or named[0] not in self.commands) and "--help" not in args:
            first = named[0] if named else None
            known_value = first is not None and args[args.index(first) - 1].startswith("--")
            if first is None or known_value:
                args = ["serve", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Group, context_settings=DEFAULTS)
def cli() -> None:
    """A live conference: programme, speakers, motions, votes. Without a command: serve."""


def data_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--data`."""
    return click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("data"),
        envvar="CONFERENCE_DATA", show_default=True, help="Folder of the conference's data.",
    )(function)  # fmt: skip


def address_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what it needs to know the public address."""
    for option in (
        click.option("--host", default="127.0.0.1", envvar="CONFERENCE_HOST", show_default=True),
        click.option(
            "--port", type=click.IntRange(1, 65535), default=8000, envvar="CONFERENCE_PORT",
            show_default=True,
        ),
        click.option(
            "--public-url", default="", envvar="CONFERENCE_PUBLIC_URL",
            help="The address that people use, such as https://conference.example.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def make_settings(
    data: Path,
    host: str,
    port: int,
    public_url: str,
    *,
    demo_public: bool = False,
    without_https: str = "",
) -> Settings:
    """Return the settings. Raises CannotStart for one that cannot be used."""
    try:
        url = check_public_url(public_url)
    except SettingsError as error:
        raise CannotStart(str(error)) from error
    answers = " ".join(without_https.split())[:300]
    token = os.environ.get("CONFERENCE_METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        raise CannotStart("CONFERENCE_METRICS_TOKEN must have 16 characters at least.")
    return Settings(data, host, port, url, demo_public, answers, _smtp(), token)


def _smtp() -> Smtp:
    env = os.environ.get
    port = env("CONFERENCE_SMTP_PORT", "587")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):  # noqa: PLR2004
        message = f"CONFERENCE_SMTP_PORT must be a port number; got {port!r}"
        raise CannotStart(message)
    security = env("CONFERENCE_SMTP_SECURITY", "starttls")
    if security not in {"starttls", "tls", "none"}:
        message = f"CONFERENCE_SMTP_SECURITY must be starttls, tls or none; got {security!r}"
        raise CannotStart(message)
    pace = env("CONFERENCE_SMTP_PER_MINUTE", "120")
    if not (pace.isascii() and pace.isdigit() and 0 < int(pace) <= 100_000):  # noqa: PLR2004
        message = f"CONFERENCE_SMTP_PER_MINUTE must be a number from 1 to 100000; got {pace!r}"
        raise CannotStart(message)
    return Smtp(
        host=env("CONFERENCE_SMTP_HOST", ""), port=int(port), user=env("CONFERENCE_SMTP_USER", ""),
        password=env("CONFERENCE_SMTP_PASSWORD", ""), sender=env("CONFERENCE_SMTP_SENDER", ""),
        security=security, per_minute=int(pace),
    )  # fmt: skip


@cli.command()
@data_option
@address_options
@click.option(
    "--demo-public",
    is_flag=True,
    envvar="CONFERENCE_DEMO_PUBLIC",
    help="Serve the demonstration at a public address.",
)
@click.option(
    "--without-https",
    default="",
    envvar="CONFERENCE_WITHOUT_HTTPS",
    metavar="WHO",
    help="Serve a real conference unencrypted: who answers for that, and why. Journalled.",
)
def serve(
    data: Path, host: str, port: int, public_url: str, *, demo_public: bool, without_https: str
) -> None:
    """Serve the conference; without one yet, the demonstration."""
    from conference.serve import run  # noqa: PLC0415  (the other commands start faster)

    settings = make_settings(
        data, host, port, public_url, demo_public=demo_public, without_https=without_https
    )
    sys.exit(run(settings))


@cli.command()
@data_option
@address_options
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--check", is_flag=True, help="Validate only; nothing is loaded.")
@click.option("--dry-run", is_flag=True, help="Show what would change; nothing is loaded.")
@click.option(
    "--mode", type=click.Choice(["demonstration", "rehearsal", "real"]), default="rehearsal",
    show_default=True, help="The mode of a conference that is loaded into an empty folder.",
)  # fmt: skip
def load(  # noqa: PLR0913  (one parameter an option)
    data: Path, host: str, port: int, public_url: str, file: Path, mode: str,
    *, check: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Load a conference from one TOML FILE, or over the one that is there."""
    from conference import data_commands  # noqa: PLC0415

    settings = make_settings(data, host, port, public_url)
    sys.exit(
        asyncio.run(data_commands.load(settings, file, mode, check_only=check, dry_run=dry_run))
    )


@cli.group()
def people() -> None:
    """The people of the conference."""


@people.command("links")
@data_option
@address_options
def people_links(data: Path, host: str, port: int, public_url: str) -> None:
    """Print everybody's personal sign-in link as CSV; works while the server runs."""
    from conference import data_commands  # noqa: PLC0415

    settings = make_settings(data, host, port, public_url)
    click.echo(asyncio.run(data_commands.links(settings)), nl=False)


@cli.command("link")
@data_option
@address_options
@click.argument("role")
@click.argument("name", default="")
@click.option("--count", type=click.IntRange(1, 10_000), default=1, show_default=True)
def fresh_link(
    data: Path, host: str, port: int, public_url: str, role: str, name: str, count: int
) -> None:
    """Make fresh personal links for a ROLE, and end the old ones."""
    from conference import data_commands  # noqa: PLC0415

    settings = make_settings(data, host, port, public_url)
    lines = asyncio.run(data_commands.link(settings, role, name, count))
    click.echo("\n".join(lines))


@cli.group()
def mail() -> None:
    """The mail of the conference."""


@mail.command("test")
@data_option
@address_options
@click.argument("address")
def mail_test(data: Path, host: str, port: int, public_url: str, address: str) -> None:
    """Send one mail to ADDRESS, to prove the settings `CONFERENCE_SMTP_…`."""
    from conference import mail_commands  # noqa: PLC0415

    settings = make_settings(data, host, port, public_url)
    click.echo(asyncio.run(mail_commands.test(settings, address)))


@cli.command("backup")
@data_option
@click.argument("file", type=click.Path(path_type=Path))
def backup_command(data: Path, file: Path) -> None:
    """Copy the whole database to FILE; works while the server runs."""
    from conference.store import StoreError, backup  # noqa: PLC0415

    try:
        backup.backup(data, file)
    except (StoreError, OSError) as error:
        raise CannotStart(str(error)) from error
    click.echo(f"Backed up to {file}.")


@cli.command("restore")
@data_option
@click.argument("file", type=click.Path(path_type=Path))
def restore_command(data: Path, file: Path) -> None:
    """Put a backup in place of the database. A vote that was open is declared void."""
    from conference import data_commands  # noqa: PLC0415

    for line in asyncio.run(data_commands.restore(data, file)):
        click.echo(line)


@cli.command("retention")
@data_option
@address_options
def retention_command(data: Path, host: str, port: int, public_url: str) -> None:
    """Forget what has been kept long enough; works while the server runs, which does it hourly."""
    from conference import data_commands  # noqa: PLC0415

    settings = make_settings(data, host, port, public_url)
    for line in asyncio.run(data_commands.forget(settings)):
        click.echo(line)


@cli.command("rehearse")
@data_option
@click.option("--delegates", type=click.IntRange(1, 10_000), default=1000, show_default=True)
@click.option("--minutes", type=click.FloatRange(0), default=0.0, help="0: until it is stopped.")
@click.option("--by-itself", is_flag=True, help="Press what the panel suggests, without a chair.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the copy listens.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.option("--public-url", default="", help="The address that people use for the copy.")
@click.option("--seed", type=int, default=None, help="Make the same chances again.")
@click.option(
    "--json", "as_json", is_flag=True, allow_from_autoenv=False, help="Figures as lines of JSON."
)
def rehearse_command(  # noqa: PLR0913  (one parameter an option)
    data: Path, delegates: int, minutes: float, host: str, port: int, public_url: str,
    seed: int | None, *, by_itself: bool, as_json: bool,
) -> None:  # fmt: skip
    """Let pretend delegates take part on a copy, which is wiped, while the chair trains."""
    from conference.rehearsal.command import Wishes, rehearse  # noqa: PLC0415

    settings = make_settings(data, host, port, public_url)
    wishes = Wishes(delegates, minutes, by_itself, seed, as_json)
    sys.exit(rehearse(data, settings, wishes))


@cli.command("verify")
@data_option
def verify_command(data: Path) -> None:
    """Replay the journal, recount every vote, check the chain and the database."""
    from conference.store.verify import verify  # noqa: PLC0415

    findings = verify(data)
    for finding in findings:
        click.echo(finding)
    if findings:
        sys.exit(1)
    click.echo("All is well: journal, rows, ballots and database agree.")


PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True}


@cli.command("test", context_settings=PASS_ON, add_help_option=False)
@click.argument("extra", nargs=-1, type=click.UNPROCESSED)
def test_command(extra: tuple[str, ...]) -> None:
    """Run all tests, browser included; further words are passed to pytest."""
    from conference import devtools  # noqa: PLC0415

    words = list(extra)
    if "--data" in words:  # every command takes it; the tests make folders of their own
        at = words.index("--data")
        del words[at : at + 2]
    sys.exit(devtools.run_tests(words))


@cli.command("gallery")
def gallery_command() -> None:
    """Take pictures of every page and of Motion 1, to be looked at (docs/reports)."""
    from conference import devtools  # noqa: PLC0415

    sys.exit(devtools.run_long("gallery", []))


@cli.command("faults", context_settings=PASS_ON)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def faults_command(words: tuple[str, ...]) -> None:
    """Put known faults into copies of the program: the tests must notice each. Takes hours."""
    from conference import devtools  # noqa: PLC0415

    sys.exit(devtools.run_long("mutants", list(words)))


@cli.command("bench", context_settings=PASS_ON)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def bench_command(words: tuple[str, ...]) -> None:
    """Measure live voting beside two other servers, with 10,000 delegates. Takes minutes; needs gcc."""
    from conference import devtools  # noqa: PLC0415

    sys.exit(devtools.run_long("bench", list(words), browser=False))


@cli.command("security", context_settings=PASS_ON)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def security_command(words: tuple[str, ...]) -> None:
    """Sign a crowd in, time the answers, type hostile texts everywhere. Takes minutes."""
    from conference import devtools  # noqa: PLC0415

    sys.exit(devtools.run_long("security", list(words)))


@cli.command("check")
@data_option
def check_command(data: Path) -> None:  # noqa: ARG001  (every command takes --data)
    """Formatter, linter, types, templates, tests."""
    from conference import devtools  # noqa: PLC0415

    sys.exit(devtools.run_check())


def main() -> None:
    """Run the command line; a refusal is one sentence and exit code 2."""
    from conference.store import CommitFailed, StoreError  # noqa: PLC0415

    try:
        cli(standalone_mode=False)
    except CannotStart as error:
        _refuse(str(error))
    except StoreError as error:
        _refuse(str(error))
    except CommitFailed as error:
        _refuse(f"The database could not be written: {error}.")
    except click.exceptions.Abort:
        _refuse("Stopped.")
    except click.ClickException as error:
        _refuse(error.format_message())
    except OSError as error:
        if error.filename is None:
            raise
        _refuse(f"{error.filename} cannot be read or written: {error.strerror}.")


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(2)
