"""The dashboard behind a socket: workspaces in, pages out, and what a person may do there.

- `app`: every address, as an ASGI app of its own or below a path of the model's server
- `hall`: what every address needs: the folder, who asks, the time
- `shown`: the pages that are only looked at
- `tried`: the form and the file in which rows are tried
- `signing`: signing in and out
- `comparing`: champion and challenger on what was logged
- `projects`: the workspaces of a folder
- `reading`: a workspace as it stands, for the pages
- `visitors`: who asks: cookies, tokens, and forms that no other site can send
- `actions`: what a person who signed in may do
- `trying`: rows that a person tries on the champion
- `forms`: what a form or a file holds that was sent
- `headers`: what every answer tells the browser
- `beside`: the same below a path of a model's server
- `run`: the app behind a socket, until it is told to stop
"""
