"""The store in Postgres: embedded, a server, or a Citus cluster."""
