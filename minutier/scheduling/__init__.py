"""Timers: what a computer is told so that `minutier crawl --due` runs by itself. One file for each kind, in `systems/`.

Each has `TITLE`, `CATCHES_UP` (whether it makes up for a time that was missed), `files(timer)` (the text of each file
by its name) and `steps(timer)` (how to put them in place).
"""
