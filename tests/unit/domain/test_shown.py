"""Whatever a caller gives, the message about it is short, and there is one."""

import math

import pytest

from recollect.domain.ids import parse_id
from recollect.domain.shown import LONGEST, shown
from recollect.errors import ValidationError
from recollect.memory.arguments import check_flag, check_limit
from recollect.memory.asking import conduct_by
from recollect.memory.desk_arguments import duration, fraction, whole
from recollect.recall.profile import RELEVANCE

ODD = (10**400, -(10**400), 10**5_000, [10**5_000], {"a": 10**5_000}, "x" * 100_000, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_a_value_is_shown_in_few_characters(value: object):
    assert 0 < len(shown(value)) <= LONGEST


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_every_check_refuses_it_and_names_the_field(value: object):
    for check in (check_flag, check_limit, fraction, duration, whole, parse_id):
        if check is duration and value == 10**400:
            continue  # a number from 0 on
        with pytest.raises(ValidationError, match=r"^depth: .{10,200}$"):
            check("depth", value)
    with pytest.raises(ValidationError, match=r"^deadline_ms: .{10,200}$"):
        conduct_by({"deadline_ms": value}, RELEVANCE)
    with pytest.raises(ValidationError, match=r"^min_score: .{10,200}$"):
        conduct_by({"min_score": value}, RELEVANCE)
