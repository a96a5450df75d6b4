"""Features of related tables, made for rows that are asked.

- `related`: of raw related rows that are sent beside them
- `desk`: rows are given their features by a database
- `source`: which database is asked, and what is done when it fails
- `pool`: a few connections to it
- `database`: that database, only read; its drivers
- `faults`: what is wrong with it
"""
