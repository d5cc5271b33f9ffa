"""Reads a safetensors file of float32 tensors, without the safetensors package.

The format: eight bytes little-endian header length, a JSON header {name: {dtype, shape, data_offsets}}, then the data.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recollect.errors import ModelUnavailable


def read_weights(path: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Returns the float32 tensors of a file by name; others, such as index tables, are left out.

    Raises:
        ModelUnavailable: the file cannot be read or is no safetensors file.
    """
    try:
        content = path.read_bytes()
        (length,) = struct.unpack_from("<Q", content)
        header: dict[str, Any] = json.loads(content[8 : 8 + length])
        data = memoryview(content)[8 + length :]
        return {
            name: np.frombuffer(data[slice(*entry["data_offsets"])], np.dtype("<f4")).reshape(entry["shape"])
            for name, entry in header.items()
            if name != "__metadata__" and entry["dtype"] == "F32"
        }
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelUnavailable(f"{path} cannot be read as model weights: {error}") from error
