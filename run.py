"""One command: make the environment, install the locked dependencies, become the program.

    python3 run.py                  serve (the demonstration, when there is no conference yet)
    python3 run.py COMMAND ...      any command of the program; --help lists them

Standard library only, and no syntax newer than Python 3.6: an old Python must be able to read
this file to refuse it. stdout belongs to the command; trouble is one sentence on stderr, exit 2.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
from typing import Callable, Iterator

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
RUNTIME_LOCK = os.path.join(ROOT, "requirements.lock")
DEV_LOCK = os.path.join(ROOT, "requirements-dev.lock")
DEV_COMMANDS = ("test", "check", "gallery", "faults", "security", "bench")
# A folder in the environment while it is being changed: found at a start, that change was killed.
MARK = "conference-unfinished"
# pip's lines "Collecting name==1.0 (from ..." and "Processing .../name-1.0-py3-none-any.whl (from ..."
FETCHED = re.compile(r"(?:Collecting|Processing) (?:\S*/)?([\w.-]+?)(?:==|-(?=\d))([\d.]+\d)")
NO_VENV = "This Python ({}) has no venv module with pip; on Debian: apt install python3-venv"


class Stop(Exception):  # noqa: N818 - not an error in the program: a sentence for its user
    """Why the program cannot start, in one sentence."""


def main(args: "list[str]") -> int:
    """Prepare what the command needs, then become it."""
    venv = os.path.abspath(os.environ.get("CONFERENCE_VENV") or os.path.join(ROOT, ".venv"))
    try:
        check_python(sys.version_info[:3])
        needs_dev = args[:1] and args[0] in DEV_COMMANDS
        prepare(venv, [RUNTIME_LOCK, DEV_LOCK] if needs_dev else [RUNTIME_LOCK])
        return become(venv, args)
    except Stop as stop:
        say(str(stop))
    except OSError as error:
        trouble = "Cannot use {}: {}"
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            trouble = "The folder is not writable: {} ({})"
        say(trouble.format(error.filename or venv, error.strerror or error))
    except KeyboardInterrupt:
        say("Stopped; the next start goes on from here.")
    return 2


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def check_python(version: "tuple[int, ...]") -> None:
    """Refuse a Python that the dependencies do not know any more."""
    if tuple(version[:2]) < OLDEST:
        raise Stop(
            "Conference needs Python {} or newer; this is Python {} ({}).".format(
                ".".join(map(str, OLDEST)), ".".join(map(str, version)), sys.executable
            )
        )


def prepare(venv: str, locks: "list[str]") -> None:
    """Make the environment hold exactly what the lock files name; quick when it already does."""
    if all(is_current(venv, lock) for lock in locks):
        return
    if os.path.lexists(venv) and not os.path.isdir(venv):
        raise Stop("The environment cannot be made: {} is not a folder.".format(venv))
    os.makedirs(venv, exist_ok=True)
    with alone_in(venv) as guard:
        if not is_usable(venv):
            make_environment(venv, guard)
        for lock in locks:
            # Asked again: another start may have done it while this one waited.
            if not is_current(venv, lock):
                install(venv, lock, guard)


@contextlib.contextmanager
def alone_in(venv: str) -> "Iterator[tuple[int, ...]]":
    """Let one start at a time change the environment; gives the descriptors that hold the lock.

    The lock sits on the folder itself, so nothing lies around, and is handed down to pip: when
    this process is killed, the next start waits until its orphaned pip has ended too.
    """
    if sys.platform == "win32":  # no fcntl; two first starts at once are the user's to avoid
        yield ()
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    folder = os.open(venv, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing the environment; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield (folder,)
    finally:
        os.close(folder)


def python_of(venv: str) -> str:
    """The interpreter inside the environment."""
    if sys.platform == "win32":
        return os.path.join(venv, "Scripts", "python.exe")
    return os.path.join(venv, "bin", "python")


def is_usable(venv: str) -> bool:
    """Whether the environment is whole and made by this version of Python."""
    if os.path.exists(os.path.join(venv, MARK)) or not os.path.exists(python_of(venv)):
        return False
    with open(os.path.join(venv, "pyvenv.cfg"), encoding="utf-8") as file:
        made_by = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", file.read(), re.MULTILINE)
    return made_by is not None and made_by.group(1) == "{}.{}".format(*sys.version_info[:2])


def stamp_of(venv: str, lock: str) -> str:
    """The file that says which version of this lock file is installed."""
    return os.path.join(venv, "conference-" + os.path.basename(lock))


def stamp_text(lock: str) -> str:
    """What that file says when all is well."""
    with open(lock, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return "{} {}\n".format(sys.implementation.cache_tag, digest)


def is_current(venv: str, lock: str) -> bool:
    """Whether exactly this lock file was installed, and nothing is half done."""
    try:
        with open(stamp_of(venv, lock), encoding="utf-8") as file:
            stamped = file.read()
    except OSError:
        return False
    return stamped == stamp_text(lock) and is_usable(venv)


def make_environment(venv: str, guard: "tuple[int, ...]") -> None:
    """Make the environment anew, on top of whatever a killed start or an older Python left."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian packs these two separately
        import venv as _  # noqa: F401, PLC0415
    except ImportError:
        raise Stop(NO_VENV.format(sys.executable)) from None
    found = os.listdir(venv)
    if found and {MARK, "pyvenv.cfg"}.isdisjoint(found):
        raise Stop("{} holds other things; remove it or set CONFERENCE_VENV.".format(venv))
    say("Making the environment in {}".format(venv))
    os.makedirs(os.path.join(venv, MARK), exist_ok=True)
    for name in found:
        path = os.path.join(venv, name)
        if os.path.islink(path) or not os.path.isdir(path):
            os.remove(path)
        elif name != MARK:
            shutil.rmtree(path)
    # Started from inside an environment, even this one, the new one must not hang on it.
    base = getattr(sys, "_base_executable", None) or sys.executable
    lines: "list[str]" = []
    if watch([base, "-m", "venv", venv], lines.append, guard):
        if any("ensurepip" in line for line in lines):
            raise Stop(NO_VENV.format(base))
        raise Stop("The environment could not be made: {}".format((lines or ["no reason"])[-1]))
    os.rmdir(os.path.join(venv, MARK))


def install(venv: str, lock: str, guard: "tuple[int, ...]") -> None:
    """Let pip install one lock file; index, proxy and cache are pip's own configuration."""
    with open(lock, encoding="utf-8") as file:
        total = len(re.findall(r"^[\w.-]+==", file.read(), re.MULTILINE))
    say("Installing {} ({} packages)".format(os.path.basename(lock), total))
    lines: "list[str]" = []

    def follow(line: str) -> None:
        lines.append(line)
        fetched = FETCHED.match(line)
        if fetched:
            say("  {} {}".format(*fetched.groups()))
        elif line.startswith("Installing collected packages"):
            say("  putting them in place")

    pip = [python_of(venv), "-m", "pip", "install", "--require-hashes", "--no-input"]
    os.makedirs(os.path.join(venv, MARK), exist_ok=True)
    failed = watch([*pip, "--disable-pip-version-check", "-r", lock], follow, guard)
    touched = any(line.startswith("Installing collected packages") for line in lines)
    if not failed or not touched:
        # Without a network the environment stays as good as it was before.
        os.rmdir(os.path.join(venv, MARK))
    if failed:
        raise Stop(explain(lines, lock))
    with open(stamp_of(venv, lock), "w", encoding="utf-8") as file:
        file.write(stamp_text(lock))


def watch(command: "list[str]", follow: "Callable[[str], None]", guard: "tuple[int, ...]") -> int:
    """Run a command, hand on each line it prints, give its exit code."""
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=none, stdout=pipe, stderr=subprocess.STDOUT, pass_fds=guard, text=True
    ) as process:
        for line in process.stdout or ():
            follow(line.strip())
    return process.returncode


def explain(lines: "list[str]", lock: str) -> str:
    """Make one sentence of what pip said before it gave up."""
    said = "\n".join(lines)
    wanted = re.search(r"satisfies the requirement (\S+).*\(from versions: none\)", said)
    if wanted or "Max retries exceeded" in said or "ConnectionError" in said:
        return (
            "No package index could be reached that has {}: connect to a network, or tell pip"
            " where the index is (PIP_INDEX_URL), and start again."
        ).format(wanted.group(1) if wanted else "what is needed")
    if "DO NOT MATCH THE HASHES" in said:
        return "A downloaded package was refused: its hash is not in the lock file."
    errors = [line for line in lines if line.startswith("ERROR: ")] or lines or ["no reason given"]
    return "pip could not install {}: {}".format(
        os.path.basename(lock), errors[-1].replace("ERROR: ", "", 1)
    )


def become(venv: str, args: "list[str]") -> int:
    """Turn this process into the program, so that signals and exit code are the program's own."""
    python = python_of(venv)
    # -P and PYTHONPATH: it works from any folder, and nothing lying in that folder is imported.
    command = [python, "-P", "-m", "conference", *args]
    environment = dict(os.environ)
    paths = [ROOT, environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    if sys.platform == "win32":  # its exec returns to the shell at once
        return subprocess.call(command, env=environment)
    return os.execve(python, command, environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
