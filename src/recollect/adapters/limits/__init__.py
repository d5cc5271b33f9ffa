"""How often a key may be used, counted by the package ``limits``: in the process, or in a Redis that several share."""
