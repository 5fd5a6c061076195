"""Runs things, without Qt: discovery, the thread that owns the device, training, runs and checkpoints."""
