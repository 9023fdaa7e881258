"""Where the jobs are: in the database of the corpus, in a schema of their own that the corpus never looks at."""

from __future__ import annotations

from procrastinate import App, exceptions

from minutier.lab.patience import CarefulManager, Outage, PatientConnector
from storage.errors import StorageUnusable, WrongUse
from storage.postgres import Postgres, blobs_of

SCHEMA = "minutier_jobs"
MAKING = 0x4D4E5453  # "MNTS": the lock under which the tables of jobs are made; any number would do


def database_of(corpus: str) -> Postgres:
    """Return the database that workers share. Raises WrongUse for a folder."""
    if not corpus.startswith("postgresql"):
        raise WrongUse(
            f"A worker shares its corpus with others, and {corpus} is a folder of one machine: name a database with "
            "--corpus postgresql://HOST/DATABASE?blobs=PLACE, or run `minutier crawl --due` here."
        )
    blobs_of(corpus)
    return Postgres(corpus)


def connector_for(database: Postgres, outage: Outage) -> PatientConnector:
    """Return the way to the jobs of a database."""
    path = {"options": f"-c search_path={SCHEMA}", "application_name": "minutier worker"}
    return PatientConnector(outage, conninfo=database.plain, kwargs=path, min_size=1, max_size=4)


def app_on(connector: PatientConnector) -> App:
    """Return an app without tasks on a connector that others may use as well."""
    app = App(connector=connector)
    app.job_manager = CarefulManager(connector)
    return app


async def make_tables(app: App, place: str) -> None:
    """Make the tables of jobs where there are none. Raises StorageUnusable where that is not allowed."""
    connector = app.connector
    made = f"SELECT to_regclass('{SCHEMA}.procrastinate_jobs') IS NOT NULL AS made"
    if (await connector.execute_query_one_async(made))["made"]:
        return
    schema = app.schema_manager.get_schema().replace("%", "%%")
    try:
        await connector.execute_query_async(
            f"SELECT pg_advisory_xact_lock({MAKING}); CREATE SCHEMA IF NOT EXISTS {SCHEMA}"
        )
        await connector.execute_query_async(f"SELECT pg_advisory_xact_lock({MAKING}); {schema}")
    except exceptions.ConnectorException as error:
        if (await connector.execute_query_one_async(made))["made"]:
            return  # another worker made them while this one waited
        why = str(error.__cause__).splitlines()[0]
        raise StorageUnusable(
            f"The tables of jobs cannot be made in {place} ({why}): have its owner run `minutier worker` "
            f"once, or `CREATE SCHEMA {SCHEMA}` and give it to this user."
        ) from error
