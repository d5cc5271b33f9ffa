"""What Recollect needs from outside, one Protocol a file."""
