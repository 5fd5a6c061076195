"""The window. On top of everything; nothing imports it."""
