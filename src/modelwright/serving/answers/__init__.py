"""From rows to answers, and to a line in the ledger for each.

- `answering`: what routes ask: one model, or two that share the rows
- `responder`: rows in, answers out, a line in the ledger for each
- `answer`: one answer
- `intake`: each value is read, or refused with its name
- `expectations`: what the data contract expects of a single value
- `doorway`: the short way of a row into the numbers of the program
- `at_once`: one row, from the bytes of its request to those of its answer
- `together`: rows of several requests answered together
- `wording`: from a program's numbers to answers
- `coverage`: ranges and sets beside answers
- `entries`: lines in the ledger
- `naming`: when an answer was given, and how it is called
"""
