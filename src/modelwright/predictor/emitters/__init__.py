"""A program in other languages: what takes it there, and the proof that it answers the same.

- `base`: what an emitter is
- `rows_file`: rows with the answers that every form must give, in a file that any language reads
"""
