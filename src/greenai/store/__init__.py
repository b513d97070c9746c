"""PostgreSQL as the store: connections, migrations, and what is written and read there.

Functions take the connection and never commit, unless their name says that they are a whole transaction.
"""
