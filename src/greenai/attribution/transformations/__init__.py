"""What may turn a's value into b's: one small file per family of CONTRACT."""
