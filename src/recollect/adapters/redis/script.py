"""Script: one Lua script, named to Redis by its hash, and sent whole only when Redis does not know it."""

import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from redis.exceptions import NoScriptError

from recollect.adapters.redis import scripts
from recollect.adapters.redis.client import Client

Argument = str | bytes | int


@dataclass(frozen=True, slots=True)
class Script:
    """A script.

    Attributes:
        source: Lua. sha: what Redis calls it.
    """

    source: str
    sha: str

    async def run(self, client: Client, keys: tuple[str, ...], arguments: tuple[Argument, ...] = ()) -> Any:
        """Runs it in one round trip; in two the first time after Redis has started.

        Raises:
            redis.exceptions.RedisError: Redis did not do it.
        """
        try:
            return await client.evalsha(self.sha, len(keys), *keys, *arguments)
        except NoScriptError:
            return await client.eval(self.source, len(keys), *keys, *arguments)


def _read(*names: str) -> Script:
    folder = resources.files(scripts)
    source = "\n".join((folder / f"{name}.lua").read_text(encoding="utf-8") for name in names)
    return Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())


LOAD = _read("load")
PUT = _read("shape", "put")
APPLY = _read("shape", "apply")
DROP = _read("shape", "drop")
PROBE = _read("probe")
