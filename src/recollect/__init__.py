"""Memory for LLM agents."""
