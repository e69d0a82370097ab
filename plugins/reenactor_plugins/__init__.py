"""The built-in components. They come in by the entry point, like everyone's."""
