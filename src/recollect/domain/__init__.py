"""Values and rules of memory, without I/O."""
