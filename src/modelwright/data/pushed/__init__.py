"""Rules that a database judges where the rows are.

Modules
-------
check
    `check_database`: a table of a database against a contract.
facts
    What is known of a column without its rows: its span or its tally.
queries
    The SQL that finds them.
"""
