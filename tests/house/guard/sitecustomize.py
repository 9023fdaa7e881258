"""Python reads this when it starts, wherever this folder is on its path: tests/conftest.py puts it there for children."""

import loopback_only

loopback_only.refuse()
