"""Models in the ONNX format that somebody else exported.

- `file`: such a file as a model
- `whole`: one that stays a graph
- `graph`: its nodes, read from the end
- `arithmetic`: writers of the operators that calculate
- `classic`: writers of the operators of classic learning
- `trees`: trees
- `trial`: the first run of a graph
"""
