"""Keras on the backend that `KERAS_BACKEND` names; on torch where it names none."""

import os

import pytest

BACKEND = os.environ.setdefault("KERAS_BACKEND", "torch")
pytest.importorskip(BACKEND, reason=f"{BACKEND}, on which Keras computes here, is missing")
keras = pytest.importorskip("keras", reason="keras is missing")
layers = keras.layers

QUIET = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
"""Keras asks tensors of torch in a way that NumPy 2 warns of."""
