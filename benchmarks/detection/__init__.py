"""Parts of ``benchmarks/speech.py``: how well and how fast speech is found, beside others."""
