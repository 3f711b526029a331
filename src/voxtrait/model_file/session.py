"""Sessions of onnxruntime: quiet, and no busier than they were told to be."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from voxtrait.errors import BrokenPackage, WrongModel
from voxtrait.system import first_line

__all__ = ["DAMAGED", "start_session"]

DAMAGED = "The file may be cut or not an ONNX model; get it anew or export the model again."


def start_session(graph: bytes, name: str, threads: int, *, plain: bool = False) -> Any:
    """An ``onnxruntime.InferenceSession`` on the processor.

    Args:
        graph: the whole ONNX file, already checked.
        name: what errors call it.
        threads: at least 1; 1 means that the caller's own thread does all the work. More than
            there are cores would only wait for each other, so no more than that are started.
        plain: the graph was simplified when it was exported, and convolves over one axis at a time
            only: the higher levels of optimisation would find hardly anything, and take half of
            the session's start to find it.

    Raises:
        WrongModel: onnxruntime refuses the graph.
        BrokenPackage: onnxruntime does not load.
    """
    # Only here, and only now: importing it takes longer than all the rest of a start.
    try:
        import onnxruntime

        if not hasattr(onnxruntime, "SessionOptions"):
            # It failed in another thread while this one waited for it, and got the empty shell.
            onnxruntime = import_module("onnxruntime")
    except (ImportError, OSError) as error:
        raise BrokenPackage("onnxruntime", error) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(threads, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    # Spinning quadruples the CPU time for little; plans would be kept for every length ever seen.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.enable_mem_pattern = False
    # To plan who reuses whose memory takes longer than all else of a session's start; without, the
    # arena hands freed memory on when it runs, at the same speed and the same peak.
    options.enable_mem_reuse = False
    if plain:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 4  # what matters is raised; standard error is not ours
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime's classes share no base
        raise WrongModel(
            f"The model {name} is refused by onnxruntime: {first_line(error)}", DAMAGED
        ) from None
