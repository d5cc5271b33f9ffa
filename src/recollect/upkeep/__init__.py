"""What runs when nobody asks."""
