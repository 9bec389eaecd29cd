"""The science: spectra, the reference library, search, the classifier and the identification."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Numpy reads this when it loads. A spectrum is too little work to part: a second thread only burns the other core."""
