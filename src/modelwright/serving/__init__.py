"""The runtime that loads a bundle and answers requests; it imports no training library.

- `run`: a bundle behind a socket, until it is told to stop; ``python -m modelwright.serving``
- `app`: every route
- `plain`: rows with named columns, the simplest way to ask
- `protocol`: the Open Inference Protocol, version 2
- `infer`: what its clients send and get
- `tensors`: rows as that protocol's tensors, and back
- `datatypes`: which values its datatypes hold
- `binary`: tensors as raw bytes behind the JSON
- `responder`: rows in, answers out, one line in the ledger for each
- `coverage`: ranges and sets beside answers
- `limits`: how much one request may ask for
- `guard`: token, queue and time, before any route
- `messages`: bodies in and out as JSON
- `metrics`: what Prometheus reads
- `openapi`: the description that tools read, made from the model's own schema
"""
