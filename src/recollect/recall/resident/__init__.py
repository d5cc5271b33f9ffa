"""The per-user arrays that ranking works on, held in the process."""
