"""Photos of which nothing is known."""
