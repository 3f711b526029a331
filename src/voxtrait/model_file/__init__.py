"""A model file: an ONNX graph with a card in its metadata, checked against each other."""

from __future__ import annotations

from voxtrait.model_file.card import Card, TraitCard, Window
from voxtrait.model_file.card_rules import SCHEMA
from voxtrait.model_file.file import ModelFile
from voxtrait.model_file.writing import with_card, write_model

__all__ = ["SCHEMA", "Card", "ModelFile", "TraitCard", "Window", "with_card", "write_model"]
