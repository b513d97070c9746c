"""What requests and responses look like: one noun per file."""
