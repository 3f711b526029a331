"""A model file that is right: what it holds, and that it can be shared, copied and forked."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import pickle
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from voxtrait.errors import WrongModel
from voxtrait.model_file import ModelFile, TraitCard, with_card, write_model
from voxtrait.testing import fake_model

ROWS = np.random.default_rng(3).normal(0, 0.1, (2, 8000)).astype(np.float32)
LENGTHS = np.array([8000, 5000])


def test_loading_imports_no_onnxruntime_and_no_onnx(tmp_path: Path) -> None:
    import subprocess

    write_model(tmp_path / "m.onnx", fake_model())
    code = (
        "import sys; from voxtrait.model_file import ModelFile\n"
        f"print(ModelFile.load({str(tmp_path / 'm.onnx')!r}).card.name)\n"
        "print('onnxruntime' in sys.modules, 'onnx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["fake-tiny", "False", "False"]


def test_a_path_and_its_bytes_load_the_same(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    write_model(path, fake_model())
    by_path, by_bytes = ModelFile.load(path), ModelFile.load(fake_model())
    assert by_path.card == by_bytes.card
    assert by_path.graph == by_bytes.graph


def test_a_card_replaces_the_one_before() -> None:
    card = replace(ModelFile.load(fake_model(("gender",))).card, name="another")
    once = with_card(fake_model(("gender",)), card)
    assert with_card(once, card) == once
    assert ModelFile.load(once).card == card
    assert len(onnx.load_from_string(once).metadata_props) == 2  # and its seal


def test_an_edition_tells_apart_files_of_one_name_and_version(tmp_path: Path) -> None:
    content = fake_model(("gender",))
    file = ModelFile.load(content)
    checksum = hashlib.sha256(content).hexdigest()
    assert file.edition == f"{file.card.name} {file.card.version}+{checksum[:8]}"
    copies = (ModelFile.load(content, checksum), pickle.loads(pickle.dumps(file)))
    assert {copy.edition for copy in copies} == {file.edition}
    anew = ModelFile.load(with_card(content, replace(file.card, licence="MIT")))
    assert anew.edition != file.edition


def test_other_metadata_is_kept() -> None:
    model = onnx.load_from_string(fake_model(("gender",)))
    model.metadata_props.add(key="producer", value="somebody")
    data = with_card(model.SerializeToString(), ModelFile.load(fake_model(("gender",))).card)
    kept = {entry.key: entry.value for entry in onnx.load_from_string(data).metadata_props}
    assert kept["producer"] == "somebody"
    assert set(kept) == {"producer", "voxtrait", "voxtrait_sha256"}


def test_a_card_into_damaged_bytes_is_refused() -> None:
    with pytest.raises(WrongModel, match="damaged"):
        with_card(fake_model()[:100], ModelFile.load(fake_model()).card)


def test_one_session_is_made_however_many_threads_ask() -> None:
    model = ModelFile.load(fake_model())
    found = []
    threads = [threading.Thread(target=lambda: found.append(model.session())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(session) for session in found}) == 1


def test_sessions_run_as_many_threads_as_they_are_told_but_no_more_than_cores() -> None:
    model = ModelFile.load(fake_model())
    one, two, most = (model.session(threads=threads) for threads in (1, 2, 10**10))
    cores = os.cpu_count() or 1
    assert one.get_session_options().intra_op_num_threads == 1
    assert two.get_session_options().intra_op_num_threads == min(2, cores)
    assert most.get_session_options().intra_op_num_threads == cores
    assert one.get_session_options().inter_op_num_threads == 1


def test_a_copy_by_pickle_answers_the_same() -> None:
    model = ModelFile.load(fake_model())
    first = model.run(ROWS, LENGTHS)
    again = pickle.loads(pickle.dumps(model)).run(ROWS, LENGTHS)
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_only_what_has_its_checksum_is_left_as_it_was_exported() -> None:
    def level(model: ModelFile) -> str:
        return model.session().get_session_options().graph_optimization_level.name

    data = fake_model()
    sealed = ModelFile.load(data, hashlib.sha256(data).hexdigest())
    assert level(ModelFile.load(data)) == "ORT_ENABLE_ALL"
    assert level(sealed) == level(pickle.loads(pickle.dumps(sealed))) == "ORT_ENABLE_BASIC"


def answer_in_child(model: ModelFile, threads: int, results: object) -> None:
    results.put(model.run(ROWS, LENGTHS, threads)["gender"])  # type: ignore[attr-defined]


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="Windows has no fork.")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("threads", [1, 2])
def test_a_child_of_a_fork_answers_the_same(threads: int) -> None:
    model = ModelFile.load(fake_model(("gender",)))
    expected = model.run(ROWS, LENGTHS, threads)["gender"]
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    child = context.Process(target=answer_in_child, args=(model, threads, results))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    np.testing.assert_array_equal(results.get(), expected)


def test_an_output_of_an_undeclared_width_is_refused_when_it_comes() -> None:
    model = onnx.load_from_string(fake_model(("digit",)))
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_param = "labels"
    model.graph.output[0].type.tensor_type.shape.dim[1].ClearField("dim_value")
    card = replace(
        ModelFile.load(fake_model(("digit",))).card,
        traits={"digit": TraitCard(tuple("0123456789"))},
    )
    loaded = ModelFile.load(with_card(model.SerializeToString(), card))
    with pytest.raises(WrongModel, match=r"shape \(2, 11\); its card needs \(2, 10\)"):
        loaded.run(ROWS, LENGTHS)


def test_an_answer_that_is_no_number_is_refused() -> None:
    model = ModelFile.load(fake_model(("gender",)))
    with pytest.raises(WrongModel, match="answered gender with no number"):
        model.run(np.full_like(ROWS, np.nan), LENGTHS)
