"""What fits the ports."""
