"""The runtime that loads a bundle and answers requests; it imports no training library.

- `run`: a bundle behind a socket, until it is told to stop; ``python -m modelwright.serving``
- `hosting`: any app behind a socket
- `settings`: how a server is reached, by whom, and how it is run
- `flags`: the same on the command line
- `limits`: how much one request may ask for, and all of them together

What answers:

- `app`: every route, and the model behind them, which may be replaced
- `plain`: rows with named columns, the simplest way to ask
- `batch`: a file of rows in, its answers out while they are made
- `rows_in`, `rows_out`: the rows and the answers of a file
- `protocol`: the Open Inference Protocol, version 2
- `infer`: what its clients send and get
- `tensors`: rows as that protocol's tensors, and back
- `datatypes`: which values its datatypes hold
- `binary`: tensors as raw bytes behind the JSON
- `mlflow`, `sagemaker`, `vertex`: what those platforms and their clients ask
- `invocations`: rows in any form, predictions in the form that is accepted
- `asked`: what such a request asks, by its content type
- `shapes`, `delimited`, `columnar`: rows as JSON, CSV and Parquet
- `predictions`: answers as bare predictions
- `mediatypes`: the headers Content-Type and Accept
- `responder`: rows in, answers out, one line in the ledger for each
- `canary`: the same by two models, of which one is on trial
- `answering`: what both are to the routes
- `together`: rows of several requests answered together
- `expectations`: what the data contract expects of a single value
- `about`: what the server tells about itself
- `feature_source`, `feature_desk`, `feature_pool`: features of related tables asked of a database
- `database`, `database_faults`: that database, only read; its drivers
- `coverage`: ranges and sets beside answers
- `guard`: token, bounds and time, before any route
- `messages`: bodies in and out as JSON
- `strict`: what JSON may not do although its grammar lets it
- `notes`: headers that are added to an answer from far within
- `metrics`: what Prometheus reads
- `log`: what happens, a line of JSON each
- `in_process`, `aws_lambda`: the app without a socket, and behind AWS Lambda
- `check`: whether a bundle answers here as where it was made
- `openapi`: the description that tools read, made from the model's own schema

What brings requests to it:

- `crew`: several workers that share one socket, and their parent
- `worker`: one of them
- `supply`: where the bundles come from, and whether there are others
- `lineup`: champion and challenger
- `shadow`, `shadowing`: a challenger that nobody hears, and its process
- `breaker`: when a model on trial must go
- `listener`: accepts connections, watches their deadlines, and ends in good order
- `connection`: one client's connection
- `waiting`: how many requests wait, and whose turn it is
- `incoming`: a request on its way in
- `head`: its first lines
- `exchange`: a request and its answer, as ASGI has them
"""
