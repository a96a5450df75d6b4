"""Rules that a database judges where the rows are.

Modules
-------
check
    `check_database`: a table of a database against a contract.
queries
    The SQL that finds them.
"""
