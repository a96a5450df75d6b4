"""The documents, told to people.

- `terminal`: a document as plain text, a page for each
- `alarms`: alarms and past judgements as plain text
- `releases`, `compatibility`: who was champion when, and what clients would notice, as plain text
- `page`: all documents of a workspace as one HTML file that needs no network
- `dashboard`: the same and more as pages in a browser
- `dossier`: the documents that a workspace has, as far as it has got
- `everyday`: what they mean, for people who are not engineers
- `coverage`: what ranges and sets promise, and what they kept
- `advice`: what to do next, and what the model must not be used for
- `drawings`: the pictures of an evaluation, each with its table
- `sources`: where in the documents a figure comes from
- `dependence`, `robustness`: how the answers follow a column, and what disturbs them
- `rendering`: templates, and what they may call
- `charts`: marks, axes and plots as SVG
- `layout`: lines and aligned tables for a terminal
- `time_left`: how long work will still take
- `words`: figures as people read them
"""
