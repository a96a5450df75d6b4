"""Columns that know the answer, each kind of evidence in a module of its own.

Modules
-------
base
    `Case`: what every kind of evidence is given; `Evidence`: what it is.
search
    `find_leaks` and the registry `EVIDENCE`.
recorded
    A column is missing in the rows in which the target is missing.
moments
    A moment that lies after that of the prediction.
copies, partial, bounds
    One column alone gives the answer, in all rows or in most; two between which it lies.
within
    A number gives the answer within each level of another column.
averages
    A number is the mean answer of a group, its own row among them.
shares
    A number is the share of a class among few rows that no column names.
windows
    A number is made of the answers around a row, its own or later ones among them.
cuts
    A column's gaps, or its two values, cut the answers in two but for slips.
missingness, gaps
    A column is filled for one class only; the gaps of two columns are a class.
unions
    Several flags together are the class.
sums
    Several numbers add up or multiply to the target.
means
    The target is a weighted mean of two numbers.
pairs, arithmetic, blame
    The difference or ratio of two numbers gives the target; which of both is taken away.
echoes
    Which of several others a number repeats is the class.
levels, words
    One level of a column, or one word of a text, is a class.
parts
    A part of texts of one form gives the answer.
determined
    Which columns another one determines.
coarser
    A column that a leak determines and that is nearly as strong.
kin
    A number that moves with a leak, also among rows that answer the same.
outcomes
    Columns named like outcomes that tell more than all others.
remainders
    Two columns differ by a leak.
masked
    Columns of few levels that tell nothing alone and everything together: no proof.
suspicions
    Columns that are too strong or named like an outcome: no proof.
"""
