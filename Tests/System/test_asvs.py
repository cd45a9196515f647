"""docs/asvs.md names each requirement of ASVS 5.0 at levels 1 and 2 once, and only places that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.server import CHECKOUT

TABLE = CHECKOUT / "docs/asvs.md"
NUMBERS = Path(__file__).with_name("asvs-numbers.txt")
VERDICTS = {"met", "partly", "not met", "the operator", "does not apply"}
#: What a backquoted text begins with where it names a file or folder of ours.
PLACE = re.compile(r"`((?:Sources|Tests|docs|dev|web)/[^`]+|[A-Z]\w+\.(?:md|swift))`")


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if re.match(r"\| V\d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def table() -> list[list[str]]:
    return rows(TABLE.read_text(encoding="utf-8"))


def test_every_requirement_of_levels_1_and_2_is_listed_once(table):
    wanted = [tuple(line.split()) for line in NUMBERS.read_text(encoding="utf-8").splitlines()]
    assert len(wanted) == 253
    assert [(row[0], row[1]) for row in table] == wanted


def test_each_has_a_verdict_and_what_is_met_names_a_place(table):
    for number, _, verdict, where in table:
        assert verdict in VERDICTS and where, number


def test_the_places_exist(table):
    places = {place for _, _, _, where in table for place in PLACE.findall(where)}
    security = CHECKOUT / "docs/security.md"
    places |= set(PLACE.findall(security.read_text(encoding="utf-8")))
    assert len(places) > 60
    for place in places:
        assert (CHECKOUT / place).exists(), f"there is no {place}"


def test_the_sections_of_security_md_that_it_names_are_there(table):
    text = (CHECKOUT / "docs/security.md").read_text(encoding="utf-8")
    for number, _, _, where in table:
        if "docs/security.md" in where:
            for title in re.findall(r'docs/security\.md`, "([^"]+)"', where):
                assert f"## {title}\n" in text, f"{number}: {title}"


def test_what_is_not_met_is_counted_in_its_head(table):
    text = TABLE.read_text(encoding="utf-8")
    count = {verdict: sum(row[2] == verdict for row in table) for verdict in VERDICTS}
    assert f"{count['not met']} of {len(table)} are not met and {count['partly']} partly" in text
