"""The contract that a producer of tables keeps.

- `contract`: its columns and rules
- `rules`, `column_rules`: how they follow from the rows that a model was trained on
- `diff`: what changes between two contracts, and how much it will hurt the model
"""
