"""Side-by-side timings, run by hand: `uv run python -m benchmarks.training`."""
