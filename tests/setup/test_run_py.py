"""run.py as a process, in a folder of its own, with pretended `venv` and `pip` where the real
ones would only cost time; the one test with the real ones has no index to ask."""

import ast
import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = "# a lock\nstarlette==1.10.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"
PROGRAM = "import os, sys\nprint('program', sys.argv[1:], os.getpid())\n"

# `python -m venv FOLDER`: the least that run.py takes for an environment.
PRETENDED_VENV = """
import os, sys
folder = sys.argv[1]
os.makedirs(os.path.join(folder, "bin"))
os.symlink(sys.executable, os.path.join(folder, "bin", "python"))
with open(os.path.join(folder, "pyvenv.cfg"), "w") as file:
    file.write(f"home = {os.path.dirname(sys.executable)}\\n")
    file.write("version = %d.%d.%d\\n" % sys.version_info[:3])
"""

# `python -m pip install ...`: notes that it ran, says what the test wants, ends as it wants.
PRETENDED_PIP = """
import os, sys, time
with open(os.environ["PIP_RUNS"], "a") as file:
    file.write(" ".join(sys.argv[1:]) + "\\n")
print(os.environ.get("PIP_SAYS", "Collecting starlette==1.10.0 (from -r x)"), flush=True)
time.sleep(float(os.environ.get("PIP_TAKES", "0")))
sys.exit(int(os.environ.get("PIP_CODE", "0")))
"""


@pytest.fixture(scope="module")
def run_py():
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Clone:
    """A folder with run.py, locks and a program that only says that it runs."""

    def __init__(self, folder):
        self.folder = folder
        self.venv = folder / "environment"
        self.runs = folder / "pip-runs"
        self.pretended = folder / "pretended"
        self.write("run.py", (ROOT / "run.py").read_text("utf-8"))
        self.write("requirements.lock", LOCK)
        self.write("requirements-dev.lock", LOCK.replace("starlette", "pytest"))
        self.write("conference/__init__.py", "")
        self.write("conference/__main__.py", PROGRAM)
        self.write("pretended/venv/__init__.py", "")
        self.write("pretended/venv/__main__.py", PRETENDED_VENV)
        self.write("pretended/pip/__init__.py", "")
        self.write("pretended/pip/__main__.py", PRETENDED_PIP)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def popen(self, *args, pretended=True, **settings):
        ours = {"CONFERENCE_VENV": str(self.venv), "PIP_RUNS": str(self.runs)}
        if pretended:
            ours["PYTHONPATH"] = str(self.pretended)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
        return subprocess.Popen(
            [sys.executable, str(self.folder / "run.py"), *args],
            env=inherited | ours | settings,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *args, **settings):
        process = self.popen(*args, **settings)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def pip_runs(self):
        return self.runs.read_text("utf-8").splitlines() if self.runs.exists() else []

    @property
    def unfinished(self):
        return self.venv / "conference-unfinished"


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def refused(answer):
    code, out, err = answer
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    return err.strip().splitlines()[-1]


def test_an_old_python_can_read_the_file():
    ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 6))


def test_an_old_python_is_refused_in_one_sentence(run_py, monkeypatch, capsys):
    monkeypatch.setattr(run_py.sys, "version_info", (3, 10, 13, "final", 0))
    assert run_py.main([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Conference needs Python 3.11 or newer; this is Python 3.10.13 (")
    assert said.count("\n") == 1


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (4, 0, 0)])
def test_newer_pythons_are_welcome(run_py, version):
    run_py.check_python(version)


def test_first_start_installs_and_becomes_the_program(clone):
    process = clone.popen("people", "links")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == f"program ['people', 'links'] {process.pid}\n"  # the same process: execve
    assert "  starlette 1.10.0\n" in err
    options = "install --require-hashes --no-input --disable-pip-version-check"
    assert clone.pip_runs() == [f"{options} -r {clone.folder / 'requirements.lock'}"]


def test_second_start_installs_nothing(clone):
    clone.start()
    code, out, err = clone.start("serve")
    assert (code, err) == (0, "")
    assert out.startswith("program ['serve']")
    assert len(clone.pip_runs()) == 1


@pytest.mark.parametrize("command", ["test", "check", "gallery", "faults", "bench"])
def test_tests_and_checks_install_what_they_need_besides(clone, command):
    clone.start()
    clone.start(command)
    clone.start(command)
    assert [line.rsplit("/", 1)[1] for line in clone.pip_runs()] == [
        "requirements.lock",
        "requirements-dev.lock",
    ]


def test_a_changed_lock_is_installed(clone):
    clone.start()
    clone.write("requirements.lock", LOCK.replace("1.10.0", "1.10.1"))
    assert clone.start()[0] == 0
    assert len(clone.pip_runs()) == 2


def test_an_environment_of_another_python_is_made_anew(clone):
    clone.start()
    (clone.venv / "pyvenv.cfg").write_text("version = 3.10.2\n", "utf-8")
    (clone.venv / "left").mkdir()
    code, _, err = clone.start()
    assert code == 0
    assert "Making the environment" in err
    assert not (clone.venv / "left").exists()


def test_pip_fails_before_it_changed_anything(clone):
    says = "Collecting starlette==1.10.0\nERROR: Disk is strange"
    sentence = refused(clone.start(PIP_SAYS=says, PIP_CODE="1"))
    assert sentence == "pip could not install requirements.lock: Disk is strange"
    assert not clone.unfinished.exists()
    assert clone.start()[0] == 0


def test_pip_fails_in_the_middle_and_the_next_start_makes_it_anew(clone):
    refused(clone.start(PIP_SAYS="Installing collected packages: starlette", PIP_CODE="1"))
    assert clone.unfinished.exists()
    code, _, err = clone.start()
    assert code == 0
    assert "Making the environment" in err
    assert not clone.unfinished.exists()


def test_a_wrong_hash_is_refused(clone):
    says = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
    sentence = refused(clone.start(PIP_SAYS=says, PIP_CODE="1"))
    assert sentence == "A downloaded package was refused: its hash is not in the lock file."


def test_killed_while_installing_the_next_start_waits_for_pip_and_repairs(clone):
    killed = clone.popen(PIP_TAKES="1", PIP_SAYS="Installing collected packages: starlette")
    wait_until(clone.pip_runs)
    killed.kill()
    killed.communicate(timeout=10)
    code, out, err = clone.start()
    assert code == 0
    assert out.startswith("program")
    assert err.startswith("Another start is preparing the environment; waiting for it.\nMaking")
    assert not clone.unfinished.exists()


def test_two_first_starts_at_once_install_once(clone):
    starts = [clone.popen(PIP_TAKES="0.3") for _ in range(3)]
    answers = [(*start.communicate(timeout=30), start.returncode) for start in starts]
    assert [code for _, _, code in answers] == [0, 0, 0]
    assert len(clone.pip_runs()) == 1


def test_no_index_is_one_sentence(clone):
    with socket.socket() as closed:  # bound, never listening: whoever asks is refused at once
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        answer = clone.start(
            pretended=False,
            PIP_CONFIG_FILE=os.devnull,
            PIP_INDEX_URL=address,
            PIP_RETRIES="0",
            PIP_NO_CACHE_DIR="1",
        )
    sentence = refused(answer)
    assert sentence.startswith("No package index could be reached that has starlette==1.10.0:")
    assert not clone.unfinished.exists()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_no_venv_module_is_one_sentence(clone, module):
    clone.write(f"pretended/{module}/__init__.py", "raise ImportError('not packed')")
    assert refused(clone.start()).endswith("; on Debian: apt install python3-venv")


def test_a_file_where_the_environment_should_be(clone):
    clone.write("environment", "a file")
    assert (
        refused(clone.start()) == f"The environment cannot be made: {clone.venv} is not a folder."
    )


def test_a_file_above_the_environment(clone):
    clone.write("environment", "a file")
    below = clone.venv / "below"
    assert refused(clone.start(CONFERENCE_VENV=str(below))).startswith(f"Cannot use {below}: ")


def test_a_folder_that_cannot_be_written(clone):
    below = "/sys/conference"  # not even root makes a folder there
    sentence = refused(clone.start(CONFERENCE_VENV=below))
    assert sentence.startswith(f"The folder is not writable: {below} (")


def test_a_folder_with_other_things_is_left_alone(clone):
    clone.write("environment/thesis.txt", "three years")
    assert refused(clone.start()).startswith(f"{clone.venv} holds other things;")
    assert (clone.venv / "thesis.txt").read_text("utf-8") == "three years"


def wait_until(holds, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
