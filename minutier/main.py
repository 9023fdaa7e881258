"""The command line: finds the commands by walking a folder, and turns every end into a sentence and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import NoReturn

import click

from minutier import __version__
from minutier.folders import names_in
from minutier.options import Shared, shared_options
from storage.errors import MinutierError

INTERRUPTED = 4


class Commands(click.Group):
    """The commands found in `minutier/commands/`: one file each, imported only when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [name.rstrip("_") for name in names_in("minutier.commands")]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return one command, imported now, or nothing."""
        if name not in self.list_commands(ctx):
            return None
        file = next(found for found in names_in("minutier.commands") if found.rstrip("_") == name)
        command: click.Command = importlib.import_module(f"minutier.commands.{file}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="minutier")
@shared_options
@click.pass_context
def cli(ctx: click.Context) -> None:
    """From a town hall's web site to a citable corpus that says what is missing.

    Begin with `minutier demo`. A corpus is a folder (./corpus unless --corpus says otherwise).
    """


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console or a pipe may not speak UTF-8
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run())


def run() -> int:
    """Run the command line and return its exit code; a traceback is shown only with --debug."""
    shared = Shared()
    try:
        code = cli.main(obj=shared, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Abort:
        return interrupted()
    except KeyboardInterrupt:
        return interrupted()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except MinutierError as error:
        if shared.debug:
            traceback.print_exc()
        click.echo(str(error), err=True)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the border: whatever it is becomes a sentence
        if shared.debug:
            traceback.print_exc()
        click.echo(
            f"Minutier failed on an error of its own ({type(error).__name__}: {error}): "
            "what was stored is intact; run it again with --debug and report what it prints.",
            err=True,
        )
        return 1


def interrupted() -> int:
    """Say what Ctrl-C means here."""
    click.echo("Interrupted: what was stored stays stored; give the same command again to complete it.", err=True)
    return INTERRUPTED
