"""Data tests, one module per family.

- `base`: what a check is; who calls it and what it may assume
- `presence`: a column is there; its values are there
- `parsing`: values can be read as their column's kind
- `ranges`: numbers and moments lie between two bounds
- `levels`: categories are known ones
- `uniqueness`: ids and keys occur once
- `texts`: texts are not too short or too long
- `shape`: the table has rows; a column is not stuck at one value
- `registry`: every family by the name that a contract writes
- `readable`: a raw table as the checks see it
- `run`: all checks of a readable table in one pass
- `sums`: numbers summed up part by part
- `facts`: what is known of a column without its rows, and which rules that decides
- `judging`: checks judged by facts; only what these leave open is looked at
- `columns`: a table as a source returned it, by both
- `parts`: a source that is checked in parts
"""
