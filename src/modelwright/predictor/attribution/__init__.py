"""What each raw column adds to what a program answers, exactly where that can be had.

- `shares`: the public function: rows and other rows in, parts that add up out
- `owners`: the raw columns that a value depends on
- `carrying`: how an answer follows from values whose parts are exact
- `slopes`: how far each step passes a difference on
- `columns`: the parts of values that depend on few columns
- `trees`: the parts of ensembles of trees
- `walks`: the same walks, vectorised
"""
