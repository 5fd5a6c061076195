"""Others' model files, read without executing anything that is in them.

`confined.read_foreign` is the way in. It reads the file in a child process with little memory and time (`child`): bytes
become inert values (`machine`), these become arrays (`meaning`), and arrays that fit an architecture become networks of
ours (`architectures`).
"""
