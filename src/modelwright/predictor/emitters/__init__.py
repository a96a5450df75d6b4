"""A program in other languages: what takes it there, and the proof that it answers the same.

- `base`: what an emitter is
- `registry`: the emitters, by name
- `cpp`: C++
- `python`: a Python module that needs NumPy only
- `java`: Java
- `onnx`: a graph for onnxruntime
- `javascript`: JavaScript
- `browser`, `page_facts`: a page that answers without a server
- `r`: R
- `facts`: what every language's templates tell of a bundle
- `layout`, `coverage_layout`, `folding_layout`: a program as calls on places in lists
- `tables`: those lists
- `tree_nodes`: trees in few numbers
- `row_calls`: calls as languages write them that answer one row at a time
- `row_fields`: the columns of a row as fields
- `array_calls`: calls as languages write them that answer many rows at once
- `call_writing`: such calls as lines
- `array_facts`: what the templates of such languages tell of a bundle
- `runtime`: the functions of a language's runtime that a program needs
- `identifiers`, `rendering`: names of columns as names in a program; templates filled in
- `rows_file`: rows with the answers that every form must give, in a file that any language reads
- `adversarial`, `edges`: rows that are made to find differences
- `replay`: builds a form and lets its own test program compare such rows
- `parity`: the proof that a form answers as the interpreter does
"""
