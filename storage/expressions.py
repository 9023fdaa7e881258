"""A question as an expression of SQLite's FTS5, every term quoted."""

from __future__ import annotations

from collections.abc import Sequence

from storage.query import Atom, Clause, Near, Query, in_each_language, ways


def to_fts5(query: Query) -> str | None:
    """Return a query as an FTS5 expression in which every term is quoted; nothing where nothing must be found."""
    positive = [clause_to_fts5(clause) for clause in query.positive]
    if not positive:
        return None
    expression = " AND ".join(f"({each})" for each in positive)
    negative = [clause_to_fts5(clause) for clause in query.clauses if clause.negative]
    return f"({expression}) NOT ({' OR '.join(negative)})" if negative else expression


def clause_to_fts5(clause: Clause) -> str:
    """Return one clause, without its sign, as an FTS5 expression."""
    return " OR ".join(_near_to_fts5(part) if isinstance(part, Near) else _atom_to_fts5(part) for part in clause.anyof)


def _atom_to_fts5(atom: Atom) -> str:
    return f"{atom.column} : ({' OR '.join(_quoted(way, atom) for way in ways(atom))})"


def _near_to_fts5(near: Near) -> str:
    rows = zip(*(in_each_language(atom) for atom in near.atoms), strict=True)
    groups = (" ".join(_quoted(way, atom) for way, atom in zip(row, near.atoms, strict=True)) for row in rows)
    joined = " OR ".join(f"NEAR({group}, {near.gap})" for group in dict.fromkeys(groups))
    return f"{near.atoms[0].column} : ({joined})"


def _quoted(way: Sequence[str], atom: Atom) -> str:
    return f'"{" ".join(way)}"' + (" *" if atom.prefix else "")
