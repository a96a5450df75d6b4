"""The emitters, by name."""

from collections.abc import Mapping

from modelwright.predictor.emitters.base import Emitter
from modelwright.predictor.emitters.browser import BROWSER
from modelwright.predictor.emitters.cpp import CPP
from modelwright.predictor.emitters.java import JAVA
from modelwright.predictor.emitters.javascript import JAVASCRIPT
from modelwright.predictor.emitters.onnx import ONNX
from modelwright.predictor.emitters.python import PYTHON
from modelwright.predictor.emitters.r import R
from modelwright.predictor.emitters.sql.emitter import SQL_EMITTERS

EMITTERS: Mapping[str, Emitter] = {
    each.name: each for each in (CPP, JAVA, JAVASCRIPT, BROWSER, PYTHON, R, ONNX, *SQL_EMITTERS)
}
"""To add one, write it beside the others and name it here; `testing.check_emitter` says whether it
keeps what is expected."""
