"""From pictures anywhere to batches on a device."""
