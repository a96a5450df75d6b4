"""What the labels of a window say beside those of the past.

- `told_rows`: the rows of which truths are known
- `losses`: how much the loss grew, and should have grown
- `directions`, `relation`: whether rows relate to truths as before
- `hiding`, `hidden`: answers without a column, and whether truths are likelier so
"""
