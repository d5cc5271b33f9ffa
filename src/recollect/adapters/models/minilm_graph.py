"""Builds the ONNX graph of all-MiniLM-L6-v2 from its safetensors file, by hand, and quantises it to int8.

The graph is the plain BERT encoder written with the operators that onnxruntime has fused kernels for (Attention,
SkipLayerNormalization, BiasGelu), so neither torch nor transformers nor a graph optimiser is needed:

    input_ids: int32 (batch, length), all of one batch without padding, so there is no mask
      -> word + position embedding -> LayerNormalization
      -> 6 x (Attention -> MatMul -> SkipLayerNormalization -> MatMul -> BiasGelu -> MatMul -> SkipLayerNormalization)
      -> token_vectors: float32 (batch, length, 384)

In the int8 graph the word table is quantised here, with a scale per row (onnxruntime would use one scale for all rows);
the matrices of the encoder are quantised by onnxruntime, with a scale per column, and their inputs at run time.
"""

# onnx and onnxruntime are annotated in part only; nothing unknown leaves this file.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper, save_model
from onnxruntime.quantization import QuantType, quantize_dynamic

from recollect.adapters.models.weights import read_weights

LAYERS = 6
HEADS = 12
EPSILON = 1e-12
OPSET = 17
_FUSED = "com.microsoft"

Floats = npt.NDArray[np.float32]


class _Graph:
    """Collects nodes and constants while the encoder is written down."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        """Stores an array in the graph under ``name``."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        """Stores one of the model's tensors under its own name."""
        return self.constant(name, self.weights[name])

    def matrix(self, name: str) -> str:
        """Stores a dense layer's matrix as (inputs, outputs), the way MatMul wants it."""
        return self.constant(name, self.weights[name].T)

    def add(self, operator: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        """Adds one node with one output and returns the output's name."""
        self.nodes.append(helper.make_node(operator, inputs, [output], output, domain=domain, **attributes))
        return output


def build_graph(weights_path: Path, graph_path: Path, *, int8_words: bool = False) -> None:
    """Writes the encoder's graph with its weights inside.

    Args:
        weights_path: ``model.safetensors`` of all-MiniLM-L6-v2.
        graph_path: the ``.onnx`` file to write.
        int8_words: store the word table as int8 with a scale per row (11.8 MB) rather than as float32 (47 MB).
    """
    graph = _Graph(read_weights(weights_path))
    hidden = _embeddings(graph, int8_words=int8_words)
    for layer in range(LAYERS):
        hidden = _layer(graph, layer, hidden)
    graph.nodes[-1].output[0] = "token_vectors"
    save_model(_model(graph), graph_path)


def quantise_graph(weights_path: Path, graph_path: Path) -> None:
    """Writes the int8 graph (23 MB); the float32 one lies beside it only while this runs."""
    plain = graph_path.with_name(graph_path.name + ".float32")
    try:
        build_graph(weights_path, plain, int8_words=True)
        quantize_dynamic(
            plain,
            graph_path,
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            # Signed weights would be a third faster, but overflow 16-bit sums on processors without VNNI; the remedy,
            # 7 bits (reduce_range), costs accuracy: the worst cosine is 0.964 instead of 0.978.
            weight_type=QuantType.QUInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # shapes of fused operators are not inferred
        )
    finally:
        plain.unlink(missing_ok=True)


def _model(graph: _Graph) -> ModelProto:
    """Wraps the collected nodes into a checked model."""
    shape = ["batch", "length"]
    body = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT32, shape)],
        [helper.make_tensor_value_info("token_vectors", TensorProto.FLOAT, [*shape, 384])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_FUSED, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=8)
    helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})  # no pass over the graph would help
    checker.check_model(model)
    return model


def _embeddings(graph: _Graph, *, int8_words: bool) -> str:
    """Writes word + position + type embedding; there is one type, so its row is folded into the positions."""
    words = graph.weights["embeddings.word_embeddings.weight"]
    if int8_words:
        scales = np.abs(words).max(axis=1, keepdims=True) / 127
        rows = graph.constant("words.int8", np.asarray(np.rint(words / np.maximum(scales, 1e-12)), np.int8))
        codes = graph.add("Gather", [rows, "input_ids"], "word_codes")
        floats = graph.add("Cast", [codes], "word_floats", to=TensorProto.FLOAT)
        scale = graph.add("Gather", [graph.constant("words.scale", scales), "input_ids"], "word_scales")
        word = graph.add("Mul", [floats, scale], "word_vectors")
    else:
        word = graph.add("Gather", [graph.constant("words", words), "input_ids"], "word_vectors")
    positions = graph.weights["embeddings.position_embeddings.weight"]
    positions = positions + graph.weights["embeddings.token_type_embeddings.weight"][0]
    shape = graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    zero, axes = graph.constant("zero", np.array([0])), graph.constant("axes", np.array([0]))
    position = graph.add("Slice", [graph.constant("positions", positions), zero, shape, axes], "position_vectors")
    total = graph.add("Add", [word, position], "embedding_sum")
    norm = [graph.weight("embeddings.LayerNorm.weight"), graph.weight("embeddings.LayerNorm.bias")]
    return graph.add("LayerNormalization", [total, *norm], "embedding", axis=-1, epsilon=EPSILON)


def _layer(graph: _Graph, layer: int, hidden: str) -> str:
    """Writes one encoder layer and returns its output's name."""
    name = f"encoder.layer.{layer}."
    heads = ("query", "key", "value")
    joined = np.concatenate([graph.weights[f"{name}attention.self.{head}.weight"].T for head in heads], axis=1)
    bias = np.concatenate([graph.weights[f"{name}attention.self.{head}.bias"] for head in heads])
    inputs = [hidden, graph.constant(f"{name}qkv", joined), graph.constant(f"{name}qkv.bias", bias)]
    attended = graph.add("Attention", inputs, f"{name}attended", domain=_FUSED, num_heads=HEADS)
    mixed = _dense_and_norm(graph, f"{name}attention.output.", attended, hidden)
    inner = graph.add("MatMul", [mixed, graph.matrix(f"{name}intermediate.dense.weight")], f"{name}inner")
    gelu_inputs = [inner, graph.weight(f"{name}intermediate.dense.bias")]
    active = graph.add("BiasGelu", gelu_inputs, f"{name}active", domain=_FUSED)
    return _dense_and_norm(graph, f"{name}output.", active, mixed)


def _dense_and_norm(graph: _Graph, name: str, value: str, residual: str) -> str:
    """Writes a dense layer, the residual and the normalisation; the dense layer's bias goes into the fused node."""
    product = graph.add("MatMul", [value, graph.matrix(f"{name}dense.weight")], f"{name}product")
    inputs = [product, residual]
    inputs += [graph.weight(f"{name}{part}") for part in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")]
    return graph.add("SkipLayerNormalization", inputs, f"{name}normed", domain=_FUSED, epsilon=EPSILON)
