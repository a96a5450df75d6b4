"""What related tables are worth.

Modules
-------
search
    `explore_related`: relations, features that pay, requests and the worth of what is supplied.
surroundings
    The question's raw rows and the related tables.
payers
    Which relations and which of their features pay.
leaks
    Features are judged as every other column is.
gains
    Paired gains of columns on the honest folds of the training rows.
requests
    What is asked of the engineers who supply the data.
"""
