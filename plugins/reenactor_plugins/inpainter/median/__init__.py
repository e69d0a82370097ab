"""What stands behind the dancer, from the moments when the dancer stands elsewhere."""
