"""Networks shared by several components."""
