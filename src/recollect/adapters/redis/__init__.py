"""The hot tier in Redis: a projection of the one in Postgres; faster to read, never trusted without asking."""
