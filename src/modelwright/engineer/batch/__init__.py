"""Answers for tables of any size, a piece at a time.

- `answers`: the answers of a table in memory, as further columns
- `recipe`, `worker`: what is done with each piece, and who does it
- `rules`: the contract, kept before anything is written
- `crew`: pieces in this process or in several, their answers in order
- `progress`, `job`: how far a job has come, and the job itself
- `destination`, `parts`, `merged`, `tables`: where answers go: a folder, a file, a table
"""
