"""The other pages: Start, Data, Runs, Plugins."""
