"""The runtime that loads a bundle and answers requests; it imports no training library.

- `run`: a bundle behind a socket, until it is told to stop; ``python -m modelwright.serving``
- `app`: every route, and the model behind them, which may be replaced
- `hosting`: any app behind a socket
- `aws_lambda`: the app behind AWS Lambda
- `check`: whether a bundle answers here as where it was made
- `measure`: what a bundle takes where it is served

The rooms, each of which imports only those below it:

- `workers`: the processes that answer
- `trials`: a challenger beside the champion
- `openapi`: the description that tools read, made from the model's own schema
- `protocols`: what clients may ask, protocol by protocol
- `answers`: from rows to answers, and to a line in the ledger for each
- `features`: features of related tables, which a database makes
- `rows`: rows in the forms in which clients send them
- `wire`: requests and answers as bytes on connections of our own

What all of them know:

- `settings`: how a server is reached, by whom, and how it is run
- `flags`: the same on the command line
- `limits`: how much one request may ask for, and all of them together
- `container`: what a platform tells a container
- `duty`: in which role a bundle answers
- `about`: what the server tells about itself
- `metrics`: what Prometheus reads
- `log`: what happens, a line of JSON each
"""
