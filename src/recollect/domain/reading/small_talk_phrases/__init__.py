"""Phrases of small talk, a language a file: lower-case, by commas; ``(a|b|)`` is one of a, b or nothing."""
