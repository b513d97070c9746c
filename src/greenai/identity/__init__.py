"""Who asks, and what they may: passwords, sessions, API keys, OpenID Connect, permissions."""
