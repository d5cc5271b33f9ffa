"""Policies in Rego, evaluated by rego-cpp (the package ``regopy``) in a process of its own."""
