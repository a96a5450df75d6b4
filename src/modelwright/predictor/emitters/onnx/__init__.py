"""A bundle's program as one ONNX graph.

- `emitter`: the files of the folder
- `graph`: nodes and constants with names; the door to the library onnx
- `lowering`: a program as nodes, operation by operation
- `reading`: raw columns, as a server reads them
- `numbers`, `dates`, `categories`, `curves`, `trees`, `answers`: operations as nodes
- `growth`, `search`: trees without shared nodes; searches as trees
- `characters`, `sequences`, `tokens`: texts as codes, and tokens as runs of codes
- `results`: outputs
- `papers`: `README.md`, `replay.py` and `example.py`
"""

from modelwright.predictor.emitters.onnx.emitter import OnnxEmitter

ONNX = OnnxEmitter()
