"""Who does the work of runs: claims, leases, doorbells, the outbox."""
