"""The networks on the device: ONNX sessions over the bundle's encoder and ranker."""

import os
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.channels import CHANNELS, channels_of_reading
from models.errors import UnusableBundle
from models.evidence import Evidence
from models.preprocessing import BINS, Bins
from models.search import Places, Table

Scores = NDArray[np.float32]


class Encoder:
    """Readings to vectors of length 1 and to family logits."""

    def __init__(self, model: bytes) -> None:
        """Open the network. Raises UnusableBundle."""
        self._session = _open(model, "encoder", ("channels", CHANNELS * BINS), ("embedding", "families"))
        self.families: int = self._session.get_outputs()[1].shape[-1]

    def encode(self, channels: Bins) -> tuple[Bins, Scores]:
        """Encode channels [n, C] (see models.channels): embedding [n, E], family logits [n, F]."""
        embedding, families = self._session.run(["embedding", "families"], {"channels": channels})
        return embedding, families

    def encode_reading(self, spectra: Bins) -> tuple[Bins, Scores]:
        """Encode one reading [n, BINS], softest spectrum first: embedding [E], family logits [F]."""
        embedding, families = self.encode(channels_of_reading(spectra)[None])
        return embedding[0], families[0]


class Ranker:
    """Evidence for each candidate to how they compare."""

    def __init__(self, model: bytes) -> None:
        """Open the network. Raises UnusableBundle."""
        self._session = _open(model, "ranker", ("evidence", len(Evidence)), ("scores",))

    def rank(self, evidence: Table) -> Scores:
        """Score candidates [k, Evidence]: logits [k + 1], last that of none of them."""
        scores: Scores = self._session.run(["scores"], {"evidence": evidence})[0]
        if scores.shape != (len(evidence) + 1,):
            raise UnusableBundle(f"ranker.onnx gives scores {scores.shape}; expected {len(evidence) + 1} of them")
        return scores


def spread(scores: Scores, entries: Places, count: int) -> Scores:
    """Lay the candidates' scores [k + 1] out on all `count` entries: -inf for the others; last is none of them."""
    every = np.full(count + 1, -np.inf, dtype=np.float32)
    every[entries], every[-1] = scores[:-1], scores[-1]
    return every


def _open(model: bytes, name: str, takes: tuple[str, int], gives: tuple[str, ...]) -> Any:  # noqa: ANN401 - onnxruntime has no types
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it sends events to its maker, and leaves a file in TMPDIR
    ort: Any = import_module("onnxruntime")
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own for each kind of damage
        raise UnusableBundle(f"{name}.onnx cannot be run ({error}); load the signed bundle again") from error
    [given, *others] = session.get_inputs()
    if (given.name, given.shape[-1], given.type) != (*takes, "tensor(float)") or others:
        came = f"takes {given.name} of {given.shape[-1]} numbers"
        raise UnusableBundle(f"{name}.onnx {came}; this software has {takes[0]} of {takes[1]}, float32")
    if (came := tuple(each.name for each in session.get_outputs())) != gives:
        raise UnusableBundle(f"{name}.onnx gives {', '.join(came)}; this software reads {', '.join(gives)}")
    return session
