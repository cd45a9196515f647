"""docs/front-door.md lists what the tests prove, and nothing else."""

from __future__ import annotations

from listing import ROWS, named, table
from support.server import CHECKOUT


def test_the_doctor_is_shown_to_name_at_least_30_rows_without_simulations():
    real = {fault.row for name, fault in named().items() if "simulated" not in name}
    assert len(real) >= 30, sorted(real)


def test_the_documentation_lists_each_fault_and_what_proves_it():
    assert table() in (CHECKOUT / "docs/front-door.md").read_text(encoding="utf-8")


def test_each_fault_that_the_doctor_can_name_is_in_the_list():
    source = (CHECKOUT / "Sources/Doctor/Finding/Fault.swift").read_text(encoding="utf-8")
    assert {line.split('"')[1] for line in source.splitlines() if line.strip().startswith("case ")} == set(ROWS)
