"""Folders that a client can take away: one module for each host that a bundle can run on.

- `base`: what a target is, and what its validators say
- `options`: what a person may choose about a folder
- `folder`: a target made of parts; it is written whole or not at all
- `parts`: bundle, runtime, requirements, templates, emitted code
- `memory`: how much one server may take
- `facts`: what templates are told
- `rendering`: templates filled in
- `checksums`: SHA256SUMS
- `validators`: what every folder is checked by; programs that may be missing
- `serving_here`: the folder's own runtime serves its bundle on this machine
- `lambda_here`: the same by events of AWS Lambda
- `wheels`, `inventory`: libraries to install without a network, and the bill of materials
- `containers`: what targets have in common whose host runs an image
- `registry`: targets by name
- one module for each target
"""
