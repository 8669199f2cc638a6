from __future__ import annotations

import ast
import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest

from conference.sealing import bundle, recount, verifier, words
from tests.sealing.bundles import BY_THE_OPERATOR, ROOT, honest, try_honest, try_mutations, verdict
from tests.sealing.vectors import ED25519, LEAVES, ROOTS

VERIFIER = ROOT / "conference" / "sealing" / "verifier.py"
README = ROOT / "conference" / "sealing" / "README.txt"


def test_the_verifier_stands_alone():
    text = VERIFIER.read_text()
    assert len(text.splitlines()) < 300
    tree = ast.parse(text, feature_version=(3, 8))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"__future__"}
    assert "conference" not in {name.split(".")[0] for name in names}
    # Nothing that signs, opens, or talks to anybody.
    assert not names & {"secrets", "random", "socket", "urllib", "ssl", "subprocess", "os"}


@pytest.mark.parametrize("program", [verifier, recount])
@pytest.mark.parametrize(("_secret", "public", "message", "signature"), ED25519)
def test_its_signatures_are_those_of_rfc_8032(program, _secret, public, message, signature):
    key, said, signed = (bytes.fromhex(one) for one in (public, message, signature))
    assert program.is_signed(key, said, signed)
    assert not program.is_signed(key, said + b"x", signed)
    for place in (0, 31, 32, 63):
        changed = bytearray(signed)
        changed[place] ^= 1
        assert not program.is_signed(key, said, bytes(changed))
    # The second s of the same signature, a point written a second way, and no point at all.
    more = int.from_bytes(signed[32:], "little") + program.ORDER
    assert not program.is_signed(key, said, signed[:32] + more.to_bytes(32, "little"))
    for half in (b"\xff" * 32, (program.P + 1).to_bytes(32, "little"), b"\x02" + bytes(31)):
        assert not program.is_signed(key, said, half + signed[32:])
        assert not program.is_signed(half, said, signed)


@pytest.mark.parametrize("size", range(1, 9))
def test_its_roots_are_the_published_ones(size):
    assert verifier.root_of([bytes.fromhex(one) for one in LEAVES[:size]]).hex() == ROOTS[size - 1]


def test_its_words_are_ours():
    assert hashlib.sha256(words.TEXT.encode()).hexdigest() == verifier.WORDS
    list_ = words.TEXT.split()
    for n in range(200):
        mark = hashlib.sha256(bytes([n])).digest()
        assert verifier.words_of(list_, mark) == words.words(mark)


def test_honest_bundles_are_accepted(tmp_path):
    assert try_honest(20, 1, tmp_path) == 20


def test_every_change_is_noticed(tmp_path):
    found = try_mutations(260, 2, tmp_path)
    assert len(found) == 13
    assert {way: seen for way, seen in found.items() if seen[0] != seen[1]} == {}
    assert all(found[way.__name__][0] >= 15 for way in BY_THE_OPERATOR)


def test_what_is_withheld_is_not_in_the_bundle(tmp_path):
    made = next(m for m in map(honest, range(99)) if m.bundle.opened is None)
    assert json.loads(made.text)["opened"] is None
    code, said = verdict(made.text, made.noted, tmp_path)
    assert code == 0
    assert "figures withheld" in said


def test_why_an_envelope_was_invalid_is_not_in_the_bundle():
    made = next(m for m in map(honest, range(99)) if "unreadable" in (m.bundle.opened or []))
    assert "unreadable" not in made.text
    assert "invalid" in json.loads(made.text)["opened"]


def test_the_bundle_is_the_same_whoever_makes_it_and_works_as_its_readme_says(tmp_path):
    made = next(m for m in map(honest, range(99)) if "--receipt" in m.noted)
    files = (VERIFIER.read_text(), README.read_text())
    data = bundle.packed(made.bundle, *files)
    assert data == bundle.packed(made.bundle, *files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / f"vote-{made.bundle.vote}"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.txt",
        "bundle.json",
        "verify.py",
    ]
    said = (folder / "README.txt").read_text()
    command = next(line for line in said.splitlines() if "python3 verify.py --" in line).split()
    assert command == ["python3", "verify.py"] + [
        word for name in ("signer", "head", "receipt") for word in (f"--{name}", '"..."')
    ]
    # Isolated: no package of ours, no site-packages, another folder's Python.
    words_ = [sys.executable, "-I", "-S", "verify.py", *made.noted]
    done = subprocess.run(words_, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("SOUND. ")
    alone = subprocess.run(words_[:4], cwd=folder, capture_output=True, text=True, check=False)
    assert alone.returncode == 0
    (folder / "bundle.json").write_text(made.text.replace("That", "What"))
    done = subprocess.run(words_, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == "NOT SOUND. The text is not the one that was voted on.\n"
    (folder / "bundle.json").unlink()
    done = subprocess.run(words_, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
