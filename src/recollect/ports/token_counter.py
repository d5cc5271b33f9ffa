"""What Recollect needs to keep a prompt within its budget: how many tokens a text takes.

The protocol itself stands in ``domain/tokens.py``, because a packet renders itself and so has a counter.
"""

from recollect.domain.tokens import TokenCounter

__all__ = ["TokenCounter"]
