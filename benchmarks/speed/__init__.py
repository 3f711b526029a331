"""What ``benchmarks/runtime.py`` measures, one part a module, and the page it writes.

All that is measured here has one thread. NumPy's and numba's libraries read how many they may have
when they are first imported, so it is said before any module of this package imports them.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"
