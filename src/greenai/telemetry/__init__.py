"""What a process tells its operator: log lines, metrics, and the port that serves them."""
