"""Whether each source does what it should: its state, with the reason, and the alarms of its last run.

`states` says what a source is; `storage/finishing.py` judges a run as it ends.
"""

from __future__ import annotations

from storage.health.states import Health, health

__all__ = ["Health", "health"]
