"""The job through the tools of an agent, by the Model Context Protocol.

- `desk`: what an agent may ask of one workspace, as plain calls
- `server`: those calls as tools, and the documents as resources; the one module that imports `mcp`
"""
