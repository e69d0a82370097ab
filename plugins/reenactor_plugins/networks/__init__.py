"""Networks that several components share."""
