"""``python -m greenai``."""

from greenai.cli.main import main

if __name__ == "__main__":
    main()
