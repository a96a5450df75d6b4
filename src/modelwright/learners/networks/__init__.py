"""How a small network is learned without a library.

- `encoding`, `numbers`, `circles`: what it reads
- `layers`: its layers, and their slopes
- `loss`: what it keeps small
- `lesson`, `adam`: its steps, and when it stops
- `program`: the program that comes of it
"""
