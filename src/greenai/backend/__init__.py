"""The processes of the platform: each file is one, a thin shell around rooms that work without it."""
