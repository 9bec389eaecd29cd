"""Networks written as ONNX, node by node: the same weights give the same bytes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

from models.training.network import Judge, Layer, RankerWeights

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
    """Evidence [k, F] to `scores` [k + 1]: logits of each candidate, and last of none of them; the judges' mean."""
    tensors = [
        _tensor("mean", weights.mean),
        _tensor("scale", weights.scale),
        _whole("flat", [-1]),
        _whole("first_axis", [0]),
    ]
    nodes = [
        helper.make_node("Sub", ["evidence", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "scale"], ["standard"]),
    ]
    for number, judge in enumerate(weights.judges):
        more = _judge(f"judge_{number}", judge)
        nodes += more[0]
        tensors += more[1]
    nodes.append(helper.make_node("Mean", [f"judge_{number}" for number in range(len(weights.judges))], ["scores"]))
    features = len(weights.mean)
    return _model("ranker", (nodes, tensors), [_value("evidence", ["k", features])], [_value("scores", ["k_and_none"])])


def _judge(name: str, judge: Judge) -> Parts:
    """Add one judge's layers, as models.training.network.Judge tells; its scores are the tensor `name`."""
    parts = (
        _perceptron(f"{name}_body", "standard", f"{name}_raw", judge.body),
        _perceptron(f"{name}_own", f"{name}_seen", f"{name}_of_own", [judge.own]),
        _perceptron(f"{name}_others", f"{name}_most", f"{name}_of_others", [judge.others]),
        _perceptron(f"{name}_score", f"{name}_mixed", f"{name}_column", [judge.score]),
        _perceptron(f"{name}_none", f"{name}_both", f"{name}_none_column", judge.none),
    )
    body, own, others, score, none = (nodes for nodes, _ in parts)
    nodes = [
        *body,
        helper.make_node("Relu", [f"{name}_raw"], [f"{name}_seen"]),
        helper.make_node("ReduceMax", [f"{name}_seen"], [f"{name}_most"], axes=[0], keepdims=1),
        *own,
        *others,
        helper.make_node("Add", [f"{name}_of_own", f"{name}_of_others"], [f"{name}_sum"]),
        helper.make_node("Relu", [f"{name}_sum"], [f"{name}_mixed"]),
        *score,
        helper.make_node("Softmax", [f"{name}_column"], [f"{name}_likeliness"], axis=0),
        helper.make_node("Mul", [f"{name}_likeliness", f"{name}_mixed"], [f"{name}_weighed"]),
        helper.make_node("ReduceSum", [f"{name}_weighed", "first_axis"], [f"{name}_likely"], keepdims=1),
        helper.make_node("Concat", [f"{name}_most", f"{name}_likely"], [f"{name}_both"], axis=1),
        *none,
        helper.make_node("Reshape", [f"{name}_column", "flat"], [f"{name}_each"]),
        helper.make_node("Reshape", [f"{name}_none_column", "flat"], [f"{name}_nobody"]),
        helper.make_node("Concat", [f"{name}_each", f"{name}_nobody"], [name], axis=0),
    ]
    return nodes, [tensor for _, tensors in parts for tensor in tensors]


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
