"""Servers that greenai runs itself, on this machine and for this user."""
