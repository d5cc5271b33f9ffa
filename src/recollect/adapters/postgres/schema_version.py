"""The migration this program is written for; a test keeps it equal to Alembic's head."""

REVISION = "0005"
