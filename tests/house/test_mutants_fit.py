"""Every fault still fits the program: the text that it changes stands there once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import fault_mutants, mutants, stage_mutants

ROOT = Path(__file__).resolve().parent.parent.parent
FOUND = {
    name: mutant
    for module in (mutants, fault_mutants, stage_mutants)
    for part in vars(module).values()
    if isinstance(part, dict)
    for name, mutant in part.items()
    if isinstance(mutant, mutants.Mutant)
}


def test_there_are_many():
    assert len(FOUND) > 100


@pytest.mark.parametrize("name", FOUND)
def test_a_fault_fits(name):
    mutant = FOUND[name]
    places = ((mutant.file, mutant.text, mutant.becomes), *mutant.also)
    for file, text, becomes in places:
        assert (ROOT / file).read_text().count(text) == 1, f"{file}: {text}"
        assert text != becomes
