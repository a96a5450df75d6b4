"""A program as instructions for the compiled kernel, for a few rows: what a server is mostly asked.

- `layout`: one instruction, as the kernel reads it
- `writer`: where numbers lie, and which instructions there are so far
- `steps`: how each operation is written
- `follower`: runs them, and does the rest in NumPy
"""
