"""Names of roles and look-alikes are refused; names of people are not."""

from __future__ import annotations

import pytest

from conference.web.display_names import is_a_role, looks_like_one_of, skeleton


@pytest.mark.parametrize(
    "name",
    [
        "Chair", "chair", "The Chair", "Chair (morning)", "CHAIR", "C h a i r", "Cha1r", "Ch\u0430ir",
        "Сhair", "C\u0301hair", "Vice-Chair", "vice_chair", "Registrar!", "REGlSTRAR", "Teller 2",
        "The tellers", "Secretary.", "Ｃｈａｉｒ", "𝐂𝐡𝐚𝐢𝐫", "Admin", "4dm1n", "Organizer", "Steward",
        "Delegate", "Delegate 017", "Observer", "Arrangements Committee", "Support", "Ηelpdesk",
        "Queue-keeper", "name hidden",
    ],
)  # fmt: skip
def test_a_role_is_no_name(name):
    assert is_a_role(name)


@pytest.mark.parametrize(
    "name",
    [
        "Robin", "Ash B.", "Jo Stewart", "Олена", "Zoë", "李雷", "Αλέξης", "Ms Chairlady-Smith",
        "Delegates' friend", "Robin 2", "Armchair", "María José", "محمد", "D'Arcy",
    ],
)  # fmt: skip
def test_a_person_has_a_name(name):
    assert not is_a_role(name)


def test_look_alikes():
    known = ["Tosh McDonald", "Norman Thomas"]
    for name in ("Tosh McDonald", "tosh mcdonald", "T\u043esh McD\u043enald", "Tosh  MacDonald"[:5] + "McDonald",
                 "Nonnan Thomas".replace("nn", "rm"), "Norrnan Thomas", "Tösh McDonald"):  # fmt: skip
        assert looks_like_one_of(name, known), name
    for name in ("Tosh", "Tom McDonald", "Thomas Norman", ""):
        assert not looks_like_one_of(name, known), name


def test_names_in_other_scripts_differ_from_each_other():
    assert len({skeleton(name) for name in ("Олена", "Ольга", "李雷", "韩梅", "Αλέξης")}) == 5
