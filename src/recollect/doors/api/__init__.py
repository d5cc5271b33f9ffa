"""The REST door: every capability of the facade over HTTP, described by OpenAPI."""
