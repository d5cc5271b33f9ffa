"""Large users: ranked over candidates from the database instead of over arrays of everything, by the same code."""
