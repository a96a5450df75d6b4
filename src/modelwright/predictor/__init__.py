"""The portable model.

- `operations`: the closed set of typed operations that a program is made of
- `program`: a program, its reference interpreter and its checks
- `coverage`: ranges and sets that hold the truth as often as stated
- `compose`: several programs made one
- `kernel`: the compiled form of what takes longest, to the same bits
- `speed`: how fast a program answers one row, and how large it is
- `storage`: a program as JSON and arrays, never pickle
- `array_storage`: arrays in few bytes
- `tree_storage`: tables of trees in few numbers
- `reference`: how the training rows were distributed, to compare new rows with
- `cases`: rows with recorded answers, edges included
- `bundle`: the folder that is served
- `compatibility`: what clients of one bundle would notice of another one
- `model`: a bundle that answers data frames
- `labels`: a class as a text
"""
