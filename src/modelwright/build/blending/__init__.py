"""Which learners answer together, and what they learn once more.

- `blend`: the members and their weights
- `frontier`: which blends are worth what they cost
- `refits`, `repeats`: members learn again from all rows, also with other seeds
- `streaming`, `teaching`, `weighing`: they learn from rows beyond the sample, where that pays
- `further`, `able`: those rows, and which members can learn from them
"""
