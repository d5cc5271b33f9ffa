"""Served: the process that ``recollect bench serve`` loads; the server is the one that ``recollect serve`` starts."""

import importlib
import json
import sys

from recollect.settings import load_settings

DOOR = "recollect.doors.api.main"
"""By name: benches do not know doors, and the packages that this one needs are optional."""


def main() -> None:
    """Serves on the port that is the only argument, with the settings on standard input, until it is told to end."""
    settings = load_settings(**json.load(sys.stdin))
    importlib.import_module(DOOR).main(settings, port=int(sys.argv[1]), access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
