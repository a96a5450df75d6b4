"""What the columns of a raw table hold, each judgement with its reason.

- `infer`: the schema of a table
- `kinds`: what one column holds, by `numbers`, `texts`, `units` and the `names` of columns
- `tally`: the different values of a column; `verdict`: what the judges know and what they say
- `strays`: the few texts in a column of numbers or of moments
"""
