"""Opens ONNX models with onnxruntime, and gives its untyped session a type."""

# onnxruntime ships neither stubs nor whole annotations; nothing unknown leaves this file.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import onnxruntime


class OnnxSession(Protocol):
    """The part of onnxruntime's session that is used. Safe to call from several threads."""

    def run(self, outputs: Sequence[str], inputs: Mapping[str, npt.NDArray[np.int32]]) -> list[npt.NDArray[Any]]:
        """Computes the named outputs."""
        ...


def open_session(path: Path) -> OnnxSession:
    """Loads a model for one processor core; without threads of its own, it also survives a fork.

    Raises:
        Exception: onnxruntime's own, which have no narrower class in common.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return cast(OnnxSession, session)
