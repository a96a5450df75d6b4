"""A plan becomes findings: what the training rows hold, and what of it may be used.

Modules
-------
findings
    `make_findings`, the room's function.
sample, bins
    Answered rows, bounded in number, and every column as codes.
association, rest
    What one column tells of the target alone, and what many tell together.
refusals
    Ids, constants, copies and other columns that are of no use.
leaks
    Columns that know the answer, one module per kind of evidence.
profile
    What each column holds.
outlook, learning_curve, lead
    Whether a model is worth it, what more rows would bring, and a build beside a quick model.
flattery
    How much rows that know each other would flatter a quick model.
problems, drift
    What may spoil the model or its score, one module per kind.
related
    Related tables: which of their features pay, and what supplied data is worth.
contract, written
    The rules that new rows shall keep, and the rows as the person wrote them.
"""
