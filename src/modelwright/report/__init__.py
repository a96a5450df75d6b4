"""The documents, told to people.

- `terminal`: a document as plain text, a page for each
- `page`: all documents of a workspace as one HTML file that needs no network
- `summary`: the one page for whoever decides
- `dashboard`: the same and more as pages in a browser
- `notebook`: documents as a notebook shows them
- `dossier`: the documents that a workspace has, as far as it has got
- `everyday`: what they mean, for people who are not engineers; `words`: figures as people read them
- `advice`: what to do next, and what the model must not be used for
- `pictures`: what is shown of an evaluation, of live rows and of a loss, each with its table
- `charts`: marks, axes and plots as SVG
- `related`, `remedies`, `gameday`: related tables, what was tried, what a drill showed, in words
- `sources`: where in the documents a figure comes from
- `rendering`: templates, and what they may call; `voice`: the language of a report
- `junit`: the results of a check for a build server
"""
