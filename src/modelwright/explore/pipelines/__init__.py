"""Tests of the pipeline that feeds a model: it is run on copies of its inputs, whole and damaged.

- `checks`: what is tested; stands alone, because it is written into the test file too
- `runners`: a function, a query, a folder of queries or a command, run on tables; stands alone too
- `pipeline`: which of these a person means
- `examination`: every check on every input and column
- `words`: what was found, for a terminal
- `pytest_file`: the same checks as a file for the data team
"""
