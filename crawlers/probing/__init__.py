"""From an address to a source: ask a site a few questions politely, and judge which spider and rules would read it.

`spider` asks; everything else is pure, from the answers to a proposal. A rule is proposed only after the reader that
a crawl uses was run with it over the pages that came.
"""
