"""The portable model.

- `operations`: the closed set of typed operations that a program is made of
- `program`: a program, its reference interpreter and its checks
- `coverage`: ranges and sets that hold the truth as often as stated
- `compose`: several programs made one
- `kernel`: the compiled form of what takes longest, to the same bits
- `speed`: how fast a program answers one row, and how large it is
- `compiled`: a program compiled where there is a C++ compiler
- `instructions`: a program for the kernel
- `emitters`: a program in other languages
- `storage`: a program as JSON and arrays, never pickle
- `reference`: how the training rows were distributed, to compare new rows with
- `expectation`: what is expected of the score before labels come
- `explanations`, `attribution`: why a row got its answer, and what each column adds to it
- `slices`: named subsets of rows
- `mending`: programs that read their columns otherwise than they did
- `cases`: rows with recorded answers, edges included
- `bundle`, `bundle_folder`: the folder that is served, of which every byte is checked
- `compatibility`: what clients of one bundle would notice of another one
- `model`: a bundle that answers data frames
- `pyfunc`: a bundle as what MLflow loads
- `labels`: a class as a text
"""
