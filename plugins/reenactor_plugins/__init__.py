"""The built-in components. Core knows none of them: they come in by the entry point, like everyone."""
