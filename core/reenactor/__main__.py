"""`python -m reenactor`, if the command is not on the path."""

import sys

from reenactor.cli import main

if __name__ == "__main__":
    sys.exit(main())
