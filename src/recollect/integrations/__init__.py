"""Integrations: Recollect where agent frameworks expect a memory; each module needs the extra of its name."""
