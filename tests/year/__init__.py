"""A made-up year of seven town councils on a fake clock: what each publishes and when, and a player that lives it.

Everything here is synthetic: there is no such town, and nobody decided any of this.
"""
