"""The conversation that ``recollect demo`` tells: two friends over nine months, and five questions about it."""
