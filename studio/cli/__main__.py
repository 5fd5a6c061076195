"""`python -m studio.cli`: the `ganvas` command, where it may not be on the path."""

import sys

from studio.cli.main import main

sys.exit(main())
