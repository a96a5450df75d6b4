"""How one value is read, and a whole column of them by the same rules.

- `cells`: what is missing, a number, yes or no; `series`: whole columns of texts in polars
- `forms`, `measures`, `several`: amounts in pieces, numbers with a unit, several numbers in a cell
- `moments`: texts as moments; `moment_series`: whole columns of them; `date_forms`: several formats
- `scripts`: those that put no blanks between words
- `number_moments`: digits that tell a day or a month
"""
