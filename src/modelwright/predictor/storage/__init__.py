"""A program on disk: JSON and arrays, never pickle.

- `storage`: the program
- `array_storage`, `tree_storage`: arrays in few bytes, and tables of trees in few numbers
"""
