"""What `studio.api.testing` checks, one part a file: declarations, training, rendering."""
