"""Moving: everything that is a user's as lines of JSON, and such lines read in again."""
