"""Near-duplicates: how many texts are compared in a CPU second, and whether all that were planted are found.

    python bench/near.py [NUMBER]        (default 20,000 made-up texts of 1,000 words)

One text in ten is an earlier one with 3 % of its words changed. What is counted is the work that relations add to the
saving of a document: shingles and signature, traces, look-up, comparison, rows; in transactions of 16 as the writer's.
Reading the text of the other one is not: it is remembered here.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import Connection, bindparam, create_engine, event, func, insert, select

from extract.likeness import NEAR, alike, bands, likeness, shingles
from storage.models import Base, CommonTrace, Relation, Signature, Trace
from storage.shapes import table_of
from storage.traces import put, sharing
from storage.weaving import near_ones

WORDS = [f"{a}{b}{c}" for a in ("dé", "con", "ra", "pro", "mu") for b in ("li", "ven", "bé", "por") for c in range(300)]

SIGNED = select(Signature, Signature.seq.label("id")).where(Signature.seq.in_(bindparam("seqs", expanding=True)))
JOIN = insert(table_of(Relation))


def text_of(number: int) -> tuple[str, int | None]:
    """Return a made-up text, and the number of the one it repeats; each can be made again from its number."""
    if number % 10 == 9:
        of = number - 1 - random.Random(number).randrange(8)
        changed = random.Random(number + 1)
        words = text_of(of)[0].split()
        for place in changed.sample(range(1000), 30):
            words[place] = changed.choice(WORDS)
        return " ".join(words), of
    drawn = random.Random(number)
    return " ".join(drawn.choices(WORDS, k=1000)), None


def found_for(connection: Connection, number: int, texts: dict[int, str]) -> list[int]:
    """Do for one text what saving a document does for its near ones; `texts` has it and the last ones before it."""
    found = likeness(texts[number])
    kinds = dict.fromkeys(bands(found), "band")
    put(connection, number, found, kinds)
    shared, _ = sharing(connection, kinds)
    others = sorted({seq for seqs in shared.values() if len(seqs) > 1 for seq in seqs} - {number})
    signed = connection.execute(SIGNED, {"seqs": others}).all() if others else []
    near = near_ones(found, kinds, shared, signed)
    alikes = {of: alike(shingles(texts[number]), shingles(texts.get(of) or text_of(of)[0])) for of in near}
    rows = [
        {"document_id": str(number), "other_id": str(of), "type": "near", "similarity": similarity}
        for of, similarity in alikes.items()
        if similarity >= NEAR
    ]
    if rows:
        connection.execute(JOIN, rows)
    return [int(row["other_id"]) for row in rows]


def main() -> None:
    """Print the figures."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "near.db"
        engine = create_engine(f"sqlite:///{file}")
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA journal_mode=WAL"))
        tables = [Base.metadata.tables[t.__tablename__] for t in (Signature, Trace, CommonTrace, Relation)]
        Base.metadata.create_all(engine, tables)
        spent, missed, false, planted, at_start = 0.0, 0, 0, 0, 0
        texts: dict[int, str] = {}
        for start in range(0, number, 16):
            made = {each: text_of(each) for each in range(start, min(start + 16, number))}
            texts = dict(list(texts.items())[-16:]) | {each: text for each, (text, _) in made.items()}
            began = time.process_time()
            with engine.begin() as connection:
                answers = [(of, found_for(connection, each, texts)) for each, (_, of) in made.items()]
            spent += time.process_time() - began
            for of, near in answers:
                planted += of is not None
                missed += of is not None and of not in near
                false += len([each for each in near if each != of and text_of(each)[1] != of])
            if start == 1600:
                at_start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with engine.connect() as connection:
            traces = connection.execute(select(func.count()).select_from(Trace)).scalar_one()
        size = file.stat().st_size
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - at_start) / 1024
    print(f"{number} texts: {number / spent:.0f} a CPU second; {planted} planted, {missed} missed, {false} false")
    print(f"memory grew by {grown:.0f} MiB after the first 1,600 texts")
    print(f"{size / number:.0f} bytes and {traces / number:.0f} rows a text in the database")


if __name__ == "__main__":
    main()
