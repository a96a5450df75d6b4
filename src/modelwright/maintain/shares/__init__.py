"""Why the loss changed: split into causes, each with its share and the rows that prove it.

- `split`: the whole of it
- `known`: the rows before and since, and what they lose
- `broken`: what a broken input did, by undoing it or by doing the same to rows before
- `parts`: components row by row, their intervals and their course
- `mix`: which columns came otherwise
- `proof`: the rows that show a cause
"""
