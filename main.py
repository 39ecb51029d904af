"""Start renomap from a checkout: ``python main.py [file]``."""

import sys

from renomap.__main__ import main

sys.exit(main())
