"""The Lua scripts that Redis runs; each sees and changes all keys of one user in one step."""
