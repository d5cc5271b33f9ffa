"""The MCP door: memory as tools, resources and a prompt for any client of the Model Context Protocol."""
