"""Python reads this when it starts, wherever this folder is on its path: tests/conftest.py sees to that."""

import loopback_only

loopback_only.refuse()
