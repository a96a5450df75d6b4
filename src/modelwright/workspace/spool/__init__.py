"""Answers that are on disk and not in the ledger yet.

- `spool`: all of its files
- `file`, `window`: one of them, and its end, which is memory
- `moving`, `moving_process`: how rows get into the ledger, and who takes them beside a server
"""
