"""Of two halves of labelled questions, one never looked at while the rules were written, nearly all are read right."""

import pytest

from time_questions import Case, cases, read

ALL = list(cases())


def test_there_are_enough_questions_in_both_halves():
    assert len(ALL) >= 280
    assert min(sum(case.held_out for case in ALL), sum(not case.held_out for case in ALL)) >= 130
    assert sum(not case.expected for case in ALL) >= 40


@pytest.mark.parametrize("held_out", [False, True])
def test_the_times_of_questions_are_read(held_out: bool):
    half = [case for case in ALL if case.held_out is held_out]
    wrong = [case for case in half if read(case.text, case.now) != case.expected]
    assert len(wrong) <= 0.02 * len(half), "\n".join(map(_shown, wrong))


def _shown(case: Case) -> str:
    return f"{case.text} {sorted(case.expected)} {sorted(read(case.text, case.now))}"
