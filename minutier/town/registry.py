"""The sources.yaml that goes with the town."""

from __future__ import annotations

from minutier.town.model import TOWN

YAML = """\
# The made-up town of `minutier demo`, its Chinese partner and an atlas. All of it is synthetic.
version: 1
contact: corpus@example.org
defaults: {{languages: [fr], delay: 0.05}}
authorities:
  roquevesse: {{name: "Ville de {town}", level: commune, country: FR}}
sources:
  - id: town-minutes
    title: Séances du conseil municipal de {town}
    kind: council_minutes
    voice: local_authority
    authority: roquevesse
    spider: listing
    start: ["{root}/conseil-municipal/"]
    follow: {{css: "a.document"}}
    next: {{css: "a[rel=next]"}}
    languages: [fr]
    expect: {{min: 10}}
    enabled: true
    evidence: path
    rights: {{status: open, basis: synthetic, personal_data: false}}
  - id: town-atlas
    title: Atlas des coopérations (exemple)
    kind: atlas
    voice: state
    authority: roquevesse
    spider: listing
    start: ["{root}/atlas/"]
    follow: {{css: "a.fiche", match: "/atlas/projet/\\\\d+$"}}
    record: cncd
    languages: [fr]
    expect: {{min: 6}}
    enabled: true
    evidence: path
    rights: {{status: open, basis: synthetic, personal_data: false}}
  - id: town-press
    title: Communiqués de {town} et de Jiwan
    kind: press
    voice: local_authority
    authority: roquevesse
    spider: listing
    start: ["{root}/presse/"]
    follow: {{css: "a.communique"}}
    languages: [fr, zh, en, oc, ca]
    expect: {{min: 10}}
    enabled: true
    evidence: path
    rights: {{status: open, basis: synthetic, personal_data: false}}
"""


def sources_yaml(port: int) -> str:
    """Return the registry of the town's three sources, served on a port of the loopback."""
    return YAML.format(town=TOWN, root=f"http://127.0.0.1:{port}")
