"""Networks written as ONNX, node by node: the same weights give the same bytes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

from models.training.network import Layer, RankerWeights

OPSET = 17
IR_VERSION = 9

Parts = tuple[list[NodeProto], list[TensorProto]]


def export_encoder(layers: Sequence[Layer], families: Layer) -> bytes:
    """Channels [n, C] to `embedding` [n, E] of length 1 and `families` [n, F], logits. Weights are kept as float16."""
    nodes, tensors = _perceptron("encoder", "channels", "raw", layers, half=True)
    nodes.append(helper.make_node("LpNormalization", ["raw"], ["embedding"], axis=1, p=2))
    head = _perceptron("families", "embedding", "families", [families])
    inputs = [_value("channels", ["n", layers[0][0].shape[1]])]
    outputs = [_value("embedding", ["n", layers[-1][0].shape[0]]), _value("families", ["n", families[0].shape[0]])]
    return _model("encoder", ([*nodes, *head[0]], [*tensors, *head[1]]), inputs, outputs)


def export_ranker(weights: RankerWeights) -> bytes:
    """Evidence [k, F] to `scores` [k + 1]: logits of each candidate, and last of none of them."""
    tensors = [_tensor("mean", weights.mean), _tensor("scale", weights.scale), _whole("flat", [-1])]
    nodes = [
        helper.make_node("Sub", ["evidence", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "scale"], ["standard"]),
        helper.make_node("ReduceMax", ["standard"], ["most"], axes=[0], keepdims=1),
    ]
    for name, source, layers in (("candidate", "standard", weights.candidate), ("none", "most", weights.none)):
        more = _perceptron(name, source, f"{name}_column", layers)
        nodes += [*more[0], helper.make_node("Reshape", [f"{name}_column", "flat"], [f"{name}_scores"])]
        tensors += more[1]
    nodes.append(helper.make_node("Concat", ["candidate_scores", "none_scores"], ["scores"], axis=0))
    features = len(weights.mean)
    return _model("ranker", (nodes, tensors), [_value("evidence", ["k", features])], [_value("scores", ["k_and_none"])])


def _perceptron(name: str, source: str, result: str, layers: Sequence[Layer], *, half: bool = False) -> Parts:
    nodes: list[NodeProto] = []
    tensors: list[TensorProto] = []
    for depth, (weight, bias) in enumerate(layers):
        last = depth == len(layers) - 1
        into = result if last else f"{name}_{depth}_linear"
        kept = f"{name}_{depth}_weight"
        tensors.append(_tensor(f"{name}_{depth}_bias", bias))
        if half:
            tensors.append(_tensor(f"{kept}_half", weight.astype(np.float16)))
            nodes.append(helper.make_node("Cast", [f"{kept}_half"], [kept], to=TensorProto.FLOAT))
        else:
            tensors.append(_tensor(kept, weight))
        nodes.append(helper.make_node("Gemm", [source, kept, f"{name}_{depth}_bias"], [into], transB=1))
        source = f"{name}_{depth}"
        if not last:
            nodes.append(helper.make_node("Relu", [into], [source]))
    return nodes, tensors


def _model(name: str, parts: Parts, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> bytes:
    graph = helper.make_graph(parts[0], name, inputs, outputs, initializer=parts[1])
    model: ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="garita")
    model.ir_version = IR_VERSION
    check: Any = checker
    check.check_model(model)
    return model.SerializeToString(deterministic=True)


def _tensor(name: str, values: NDArray[Any]) -> TensorProto:
    return numpy_helper.from_array(np.ascontiguousarray(values), name)


def _whole(name: str, values: list[int]) -> TensorProto:
    return numpy_helper.from_array(np.array(values, dtype=np.int64), name)


def _value(name: str, shape: list[str | int]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
