"""The portable model.

- `operations`: the closed set of typed operations that a program is made of
- `program`: a program, its reference interpreter and its checks
- `compose`: several programs made one
- `storage`: a program as JSON and arrays, never pickle
- `reference`: how the training rows were distributed, to compare new rows with
- `cases`: rows with recorded answers, edges included
- `bundle`: the folder that is served
- `model`: a bundle that answers data frames
- `labels`: a class as a text
"""
