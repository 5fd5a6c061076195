"""What is on disk of every run."""
