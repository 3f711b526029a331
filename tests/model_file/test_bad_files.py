"""Every way a model file can be wrong has a message that says what was found, and a hint."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxtrait.errors import MissingModel, WrongModel
from voxtrait.model_file import ModelFile, TraitCard, Window, with_card
from voxtrait.model_file.outline import with_metadata
from voxtrait.runtime import Predictor
from voxtrait.testing import fake_detector, fake_model

MODEL = fake_model(("gender",))
CARD = ModelFile(MODEL).card


def refused(data: bytes, says: str) -> None:
    with pytest.raises(WrongModel, match=says) as caught:
        ModelFile.load(data)
    assert caught.value.message.startswith("The model of bytes")
    assert caught.value.hint


def test_one_cut_in_half_is_damaged() -> None:
    refused(MODEL[: len(MODEL) // 2], r"damaged: a part of [\d,]+ bytes starts where only [\d,]+")


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"hello, this is no model", b"RIFF\x24\x00\x00\x00WAVEfmt ", b"\xff" * 64],
    ids=["empty", "zero", "text", "WAV", "ones"],
)
def test_what_is_no_onnx_is_damaged(data: bytes) -> None:
    refused(data, "damaged: ")


def test_a_changed_byte_is_found_by_the_checksum() -> None:
    right = hashlib.sha256(MODEL).hexdigest()
    assert ModelFile.load(MODEL, right).card == CARD
    place = MODEL.index(b"gender_weight") + 60
    other = MODEL[:place] + bytes([MODEL[place] ^ 1]) + MODEL[place + 1 :]
    found = hashlib.sha256(other).hexdigest()
    with pytest.raises(WrongModel, match=f"SHA-256 is {found[:12]}..., not {right[:12]}"):
        ModelFile.load(other, right)


def test_another_schema_says_both_numbers() -> None:
    text = CARD.to_json().replace('"schema": 1', '"schema": 7')
    refused(with_metadata(MODEL, "voxtrait", text), "schema 7; this voxtrait reads schema 1")


def test_one_without_a_card_lists_the_metadata_it_has() -> None:
    model = onnx.load_from_string(MODEL)
    model.metadata_props[0].key = "producer"
    refused(model.SerializeToString(), r"no key 'voxtrait', only \['producer', 'voxtrait_sha256'\]")


def test_external_data_of_a_weight_is_refused() -> None:
    model = onnx.load_from_string(MODEL)
    weight = model.graph.initializer[-1]
    weight.data_location = onnx.TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="/etc/passwd")
    refused(model.SerializeToString(), f"1 of its tensors lie outside the file.*{weight.name}")


@pytest.mark.parametrize("nested", [False, True], ids=["attribute", "attribute of a subgraph"])
def test_external_data_hidden_in_a_node_is_refused(nested: bool) -> None:
    tensor = onnx.TensorProto(name="hidden", data_type=1, dims=[1])
    tensor.external_data.add(key="location", value="weights.bin")
    constant = onnx.helper.make_node("Constant", [], ["c"], value=tensor)
    model = onnx.load_from_string(MODEL)
    if nested:
        output = onnx.helper.make_tensor_value_info("c", 1, [1])
        branch = onnx.helper.make_graph([constant], "branch", [], [output])
        constant = onnx.helper.make_node("If", ["x"], ["y"], then_branch=branch, else_branch=branch)
    model.graph.node.append(constant)
    refused(model.SerializeToString(), "lie outside the file, the first is 'hidden'")


def test_an_operator_of_another_domain_is_refused() -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.node[0].domain = "com.microsoft"
    refused(model.SerializeToString(), "operators of 'com.microsoft'; only standard ONNX")


def test_an_opset_of_another_domain_is_refused() -> None:
    model = onnx.load_from_string(MODEL)
    model.opset_import.add(domain="ai.onnx.ml", version=3)
    refused(model.SerializeToString(), "operators of 'ai.onnx.ml'")


def test_functions_of_the_files_own_are_refused() -> None:
    model = onnx.load_from_string(MODEL)
    model.functions.add(name="f", domain="its.own")
    refused(model.SerializeToString(), "operators of 'its.own'")


def test_an_old_opset_says_both_numbers() -> None:
    model = onnx.load_from_string(MODEL)
    model.opset_import[0].version = 11
    refused(model.SerializeToString(), "opset 11; at least 17")


def test_labels_that_do_not_fit_the_output_say_both_numbers() -> None:
    card = replace(CARD, traits={"digit": TraitCard(tuple("0123456789"))})
    refused(with_card(fake_model(("digit",)), card), "10 labels for digit, .* digit is 11 wide")


def test_an_output_that_is_not_on_the_card_is_named() -> None:
    refused(with_card(fake_model(("gender", "digit")), CARD), r"\['digit'\] are not on its card")


def test_a_card_with_another_trait_than_the_graph_names_both() -> None:
    refused(with_card(fake_model(("digit",)), CARD), r"no output 'gender', only \['digit'\]")


def test_a_detector_with_a_card_of_traits_is_refused() -> None:
    refused(with_card(fake_detector(), CARD), r"no output 'gender', only \['speech'\]")


def test_a_missing_input_is_named() -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.input[1].name = "sizes"
    refused(model.SerializeToString(), r"no input 'lengths', only \['sizes', 'waveform'\]")


def test_an_input_too_many_is_named() -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.input.append(onnx.helper.make_tensor_value_info("age", 1, [1]))
    refused(model.SerializeToString(), r"inputs nobody has: \['age'\]")


def test_an_input_of_another_type_is_named() -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    refused(model.SerializeToString(), "waveform is type 11 .*; it must be float32")


def test_a_fixed_batch_is_refused() -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    refused(model.SerializeToString(), "batches of 1 only")


def test_fixed_samples_must_be_the_cards_window() -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 16_000
    data = model.SerializeToString()
    refused(data, "takes 16000 samples, but the card's window of 3 s at 16000 Hz has 48000")
    fitting = ModelFile.load(with_card(data, replace(CARD, window=Window(1.0, 1.0))))
    assert fitting.samples == 16_000


def test_a_graph_that_onnxruntime_refuses_is_a_wrong_model(
    capfd: pytest.CaptureFixture[str],
) -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.node[-1].op_type = "Conv"
    loaded = ModelFile.load(with_card(model.SerializeToString(), CARD))
    with pytest.raises(WrongModel, match="refused by onnxruntime"):
        loaded.session()
    assert capfd.readouterr() == ("", "")


def test_a_refused_graph_is_told_to_whoever_asks_for_an_answer() -> None:
    model = onnx.load_from_string(MODEL)
    model.graph.node[-1].op_type = "Conv"
    predictor = Predictor([ModelFile.load(with_card(model.SerializeToString(), CARD))])
    for _ in range(2):
        with pytest.raises(WrongModel, match="refused by onnxruntime"):
            predictor.predict(np.full(8000, 0.1, np.float32), 16_000)


def test_a_missing_file_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match=re.escape(str(tmp_path / "a.onnx"))) as caught:
        ModelFile.load(tmp_path / "a.onnx")
    assert "voxtrait models" in caught.value.hint


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match="is not a file"):
        ModelFile.load(tmp_path)


def test_an_odd_name_is_printed_harmlessly(tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\x1b[2J\n\xff.onnx")
    with pytest.raises(MissingModel) as caught:
        ModelFile.load(odd)
    assert caught.value.message.isprintable()
    assert r"\x1b[2J\n\udcff.onnx" in caught.value.message


@pytest.mark.usefixtures("unprivileged")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(MODEL)
    path.chmod(0)
    with pytest.raises(MissingModel, match="cannot be read: Permission denied"):
        ModelFile.load(path)


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, len(MODEL) - 1), flip=st.integers(1, 255), cut=st.booleans())
def test_no_damage_gives_anything_but_a_wrong_model(place: int, flip: int, cut: bool) -> None:
    rest = b"" if cut else bytes([MODEL[place] ^ flip]) + MODEL[place + 1 :]
    with contextlib.suppress(WrongModel):
        loaded = ModelFile.load(MODEL[:place] + rest)
        # All that may pass: the name of the seal itself was hit, and nothing else.
        assert place >= MODEL.rindex(b"voxtrait_sha256") - 4
        assert loaded.card == CARD


@pytest.mark.parametrize("place", ["weight", "card"])
def test_a_changed_byte_of_anybodys_file_is_told(place: str) -> None:
    weights = onnx.numpy_helper.to_array(onnx.load_from_string(MODEL).graph.initializer[0])
    before = weights.tobytes() if place == "weight" else b"Apache"
    changed = bytes([before[0] ^ 1]) + before[1:]
    assert before in MODEL
    refused(MODEL.replace(before, changed), "was changed since its card")
