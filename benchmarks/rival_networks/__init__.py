"""Other families of networks than the package's own, and what `benchmarks/networks.py` does."""
