"""Files on this machine: a folder, walked in order, each file a document."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from crawlers.bringing import Bringing
from crawlers.reading.metadata import WrongTable
from crawlers.walking import SourceSpider


class Options(BaseModel):
    """What a `folder` source says besides the common keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: tuple[str, ...] = ()
    """Folders and files, relative to where the command runs."""
    glob: str = ""
    """Which files are documents, such as `**/*.{html,pdf}`; all of them where it is empty."""
    metadata: str = ""
    """The table that states where each file comes from: a CSV file, or nothing."""

    @property
    def probed(self) -> bool:
        """Whether it has rules to run by."""
        return bool(self.path)


class FolderSpider(SourceSpider):
    """Reads files from disk as if they had been fetched."""

    name = "folder"
    Options = Options

    async def start(self) -> AsyncIterator[Any]:
        """Yield each file as a response, and each one left aside as a note; nothing at all where the table is wrong."""
        options: Options = self.run.source.options  # type: ignore[assignment]  # the model knows it as any Options
        try:
            bringing = Bringing(self.run, options.path, options.metadata, options.glob)
        except WrongTable as error:
            self.run.troubles.append(str(error))
            return
        if not bringing.files:
            self.run.troubles.append(f"There is no file to read as a document in {', '.join(options.path)}.")
        for each in bringing.everything():
            yield each

    def ask_after_unlisted(self) -> None:
        """Ask for nothing: pages that somebody saved have web addresses, and an import stays on this machine."""
