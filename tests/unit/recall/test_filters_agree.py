"""Whatever the filter, the mask over the resident arrays, plain Python and the reasons why not say the same."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from condition_cases import USER, index_row_of, resident_comparisons, store_comparisons
from filter_cases import NOW, filters, many, passes
from index_rows import DIMENSION, PIECES
from recollect.domain.record import Memory
from recollect.recall.filter import allowed
from recollect.recall.resident.builder import Builder
from recollect.recall.why_not import obstacles

patiently = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@given(many, st.data())
@patiently
def test_the_mask_agrees_with_the_records(records: tuple[Memory, ...], data: st.DataObject):
    chosen = data.draw(filters(records))
    builder = Builder(PIECES, DIMENSION, USER)
    builder.apply([index_row_of(memory) for memory in records], 1)
    mask = allowed(builder.snapshot(), chosen, NOW)
    assert mask.tolist() == [passes(memory, chosen, NOW) for memory in records]


@given(many, st.data())
@patiently
def test_who_does_not_pass_is_told_why(records: tuple[Memory, ...], data: st.DataObject):
    chosen = data.draw(filters(records, resident_comparisons | store_comparisons))
    for memory in records:
        seen = chosen.readable is None or chosen.admits(memory)  # what policies decide is told elsewhere
        if seen:
            assert (obstacles(memory, chosen, NOW) == []) is passes(memory, chosen, NOW)
