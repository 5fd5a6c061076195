"""The Play page and its canvases."""
