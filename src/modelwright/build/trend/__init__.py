"""A number that rises with time, beside what all other columns tell.

- `trend`: the line, and what is left of the number without it
- `slope`: how steep it is
- `proof`: whether it lasts: earlier rows are asked about later ones
"""
