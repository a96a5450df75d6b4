"""Who does the work: this process, processes beside it, or the nodes of a Ray cluster.

- `base`: what a crew is, and work done by all of it in the order of what was asked
- `address`, `registry`: how a person names a crew, and the crew of that name
- `here`: threads of this process
- `processes`: processes of this machine
- `ray`: tasks on a Ray cluster
- `worker`: what those in other processes do
"""
