"""Messages to people and programs outside: webhooks and e-mail."""
