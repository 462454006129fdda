"""Raises when it is imported."""

print("about to break")
raise RuntimeError("no luck")
