"""Parts of ``benchmarks/write_model_cards.py``: measurements to pages, one a shipped model."""
