"""What the server saw beside what a table says of the same rows.

- `skew`: column by column
- `kinds`: what explains most of the values that differ
"""
