"""Requests and answers as bytes on connections of our own.

- `listener`: accepts connections, watches their deadlines, and ends in good order
- `connection`: one client's connection
- `waiting`: how many requests wait, and whose turn it is
- `incoming`: a request on its way in
- `head`: its first lines
- `exchange`: a request and its answer, as ASGI has them
- `guard`: token, bounds and time, before any route
- `direct`: the short way to a route that is asked all the time
- `messages`: bodies in and out as JSON
- `strict`: what JSON may not do although its grammar lets it
- `notes`: headers that are added to an answer from far within
- `in_process`: the app without a socket
"""
