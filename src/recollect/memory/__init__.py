"""The facade that callers hold."""
