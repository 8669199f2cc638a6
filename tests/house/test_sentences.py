"""Every code with which the rules refuse has a sentence, and the facts that the sentence needs."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping

import pytest

from conference.rules import take
from conference.rules.refused import Code
from tests.house.sources import PACKAGE, ROOT
from tests.rules.builders import TEN, scene
from tests.rules.refusals import REFUSALS

NAMED = re.compile(r"%\((\w+)\)")
UNNAMED = re.compile(r"(?<!%)%(?![(%])")


def sentences() -> Mapping[str, str]:
    if not (PACKAGE / "web" / "sentences.py").exists():
        pytest.skip("conference/web/sentences.py does not exist yet")
    return importlib.import_module("conference.web.sentences").SENTENCES


def without_sentence(codes, table: Mapping[str, str]) -> list[str]:
    """Return the codes for which the table has nothing that a person can read."""
    return [str(code) for code in codes if not re.search(r"[^\W\d_]\s", table.get(code, ""))]


def facts_missing(sentence: str, facts: Mapping[str, object]) -> set[str]:
    """Return the facts that the sentence names and the refusal does not carry."""
    return set(NAMED.findall(sentence)) - facts.keys()


def test_every_code_has_a_sentence():
    assert without_sentence(Code, sentences()) == []


def test_sentences_are_sentences():
    for code, sentence in sentences().items():
        assert sentence == sentence.strip(), code
        assert sentence.endswith("."), code
        assert not UNNAMED.search(sentence), f"{code}: a fact stands by its name"


def test_no_two_codes_of_the_rules_read_the_same():
    said = [sentences()[code] for code in Code]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(("where", "act", "by", "code"), REFUSALS)
def test_the_sentence_has_its_facts(where, act, by, code):
    facts = take(scene(where), act, by, TEN).facts
    assert facts_missing(sentences()[code], facts) == set()
    assert "%" not in (sentences()[code] % facts if facts else sentences()[code])


def test_what_is_missing_is_found():
    assert without_sentence(["a", "b", "c"], {"a": "A sentence.", "b": ""}) == ["b", "c"]
    assert facts_missing("%(label)s and %(n)s", {"n": 1}) == {"label"}
    assert UNNAMED.search("of %s")
    assert not UNNAMED.search("%(n)s of 100 %%")


def test_there_is_no_bare_previous_question():
    """It means opposite things in Britain and in Robert's Rules, so it never stands alone (C)."""
    read = [
        *PACKAGE.rglob("*.py"),
        *(ROOT / "templates").rglob("*"),
        *(ROOT / "static/js").glob("*"),
    ]
    found = []
    for path in read:
        if path.is_file() and "rules" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found += re.findall(r"(?i).{0,20}previous[ -]question.{0,30}", text)
    assert [re.search(r"\([^()]*\)", line)[0] for line in found] == [
        "(previous question, as in Robert’s Rules)"
    ]
