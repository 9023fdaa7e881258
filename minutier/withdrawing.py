"""What `forget --as-in` and `restore` share: the withdrawals of one corpus, done again in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minutier.printing import err, out

if TYPE_CHECKING:
    from storage.store import Store
    from storage.withdrawals import Withdrawals
    from storage.withdrawing_again import Again


def withdrawals_at(corpus: str) -> Withdrawals:
    """Return what was withdrawn from a corpus. Raises WrongUse where there is none."""
    from storage.store import Store
    from storage.withdrawals import withdrawals_in

    with Store.open(corpus) as store, store.reading() as connection:
        return withdrawals_in(connection)


def as_there(store: Store, there: Withdrawals, *, dry_run: bool) -> Again:
    """Withdraw from a corpus what was withdrawn from another, and return what that did."""
    from crawlers.run import utc_now
    from storage.withdrawing_again import withdraw_again

    return store.withdraw(lambda connection: withdraw_again(connection, there, utc_now()), dry_run)


def tell(again: Again, corpus: str, *, would: str = "") -> None:
    """Say what went because it was withdrawn from a corpus, and what must be looked at."""
    out().print(
        f"As in {corpus}: {len(again.documents)} documents {would}withdrawn, a passage {would}masked in "
        f"{len(again.masked)} documents; {again.versions} versions, {again.blobs} files, {again.addresses} addresses; "
        f"{again.tombstones} tombstones {would}added.",
        markup=False,
        soft_wrap=True,
    )
    if again.freezes:
        frozen = ", ".join(again.freezes)
        out().print(f"Frozen in {frozen}: the hash stays, and an export says what is missing.", markup=False)
    for each in again.not_found:
        said = f"{each} has a passage withdrawn, and its words are not found in the text that is shown here: "
        err().print(said + "look for it.", style="yellow", markup=False, soft_wrap=True)
    for each in again.same:
        err().print(f"{each} still holds the words: mask them there too.", style="yellow", markup=False)
