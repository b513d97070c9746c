"""The discriminator, inline: lets no prediction pass that nothing certifies."""

from __future__ import annotations

from greenai.backend.engine import main

if __name__ == "__main__":
    main("discriminator")
