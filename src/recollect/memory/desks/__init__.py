"""The facade's areas beside adding and finding: one desk a file."""
