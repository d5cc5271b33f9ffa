"""Runs the migrations on the connection that ``recollect.adapters.postgres.migrate`` hands over."""

from alembic import context

from recollect.adapters.postgres.tables import SCHEMA, Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
