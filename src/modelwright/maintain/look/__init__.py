"""A window beside the past: everything that is counted of it, and how surprising each count is.

- `past`: what is kept of the windows before
- `sketch`: their grids, and the pairs of columns that depend
- `tallies`, `live_rules`: what only a whole window shows; which rules its rows may break
- `misses`: how far answers were from what came true
- `aspects`, `look`: all that is counted, beside the past
- `belonging`: whether the values of a row belong together
- `lattices`, `stays`, `sudden`: the steps of numbers, values that stay, and breaks from row to row
"""
