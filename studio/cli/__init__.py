"""The `ganvas` command. Torch, NumPy and pydantic are imported only by the commands that need them."""
