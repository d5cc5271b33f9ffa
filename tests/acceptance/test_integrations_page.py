"""What docs/integrations.md shows of Anthropic's memory tool runs as it stands, against a scripted model.

Its Python for LangGraph runs with that of every other page, in test_readme.py.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from tests.memory_calls import create, view
from tests.messages_server import MessagesServer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "integrations.md"


def test_the_memory_tools_example_runs(home: str):
    (program,) = re.findall(r"^```py\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    script = [[view("/memories")], [create("/memories/ana.md", "Ana drinks green tea.\n")], "I will remember that."]
    with MessagesServer(script) as model:
        environment = {
            **os.environ,
            "RECOLLECT_HOME": home,
            "RECOLLECT_TENANT_ID": f"tenant-{uuid4()}",
            "ANTHROPIC_BASE_URL": model.base_url,
            "ANTHROPIC_API_KEY": "none",
        }
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said, version, read, found = [line for line in done.stdout.splitlines() if line]
    assert said == "I will remember that."
    assert version.startswith("1 20")
    assert version.endswith(" agent Ana drinks green tea.")
    assert read == found == "Ana drinks green tea."
