"""Features of related tables, which a database makes for rows that are asked.

- `desk`: rows are given their features
- `source`: which database is asked, and what is done when it fails
- `pool`: a few connections to it
- `database`: that database, only read; its drivers
- `faults`: what is wrong with it
"""
