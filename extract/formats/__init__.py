"""One module per format, found by walking this folder.

A module has `MEDIA_TYPES: tuple[str, ...]` and `read(body: bytes, hints: Hints) -> Extraction`; it may have
`read_otherwise` with the same signature, a second engine for bytes the first one cannot survive.
"""
