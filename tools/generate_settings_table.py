"""Writes the README's table of settings from settings.py; ``--check`` only compares."""

import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from recollect.settings import Settings

README = Path(__file__).resolve().parent.parent / "README.md"
START = "<!-- settings: written by tools/generate_settings_table.py -->\n"
END = "<!-- settings: end -->\n"


def table() -> str:
    """A row for each setting: its variable, its default and what it is for."""
    rows = [
        f"| `RECOLLECT_{name.upper()}` | {_default(field)} | {(field.description or '').replace('|', chr(92) + '|')} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| Variable | Default | What it is for |", "| --- | --- | --- |", *rows]) + "\n"


def _default(field: FieldInfo) -> str:
    return "" if field.default is None else f"`{field.default}`"


def filled(text: str) -> str:
    """The README's text with the table between its two marks."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}{table()}{END}{after}"


def main() -> int:
    """Writes the table, or with ``--check`` tells whether it is fresh."""
    text = README.read_text(encoding="utf-8")
    wanted = filled(text)
    if "--check" in sys.argv:
        fresh = text == wanted
        print("the table is fresh" if fresh else "the table is stale; run: python tools/generate_settings_table.py")
        return 0 if fresh else 1
    README.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
