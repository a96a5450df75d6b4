"""The closed set of operations, by the name that a stored program uses.

- `base`: what every operation has
- `numbers`: missing values, scaling, rounding
- `dates`: parts of a moment
- `categories`: codes of levels, tables by code
- `text`: weights of tokens
- `trees`: ensembles of decision trees
- `curves`: piecewise-linear functions of numbers, added up
- `linear`: constants, columns side by side, linear forms
- `graph`, `graph_session`: a graph of ONNX, for what no other says
- `cutting`, `hashing`: how a text is cut into tokens for a graph, and into buckets
- `answers`: links, blends, calibration
"""
