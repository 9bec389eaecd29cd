"""What an officer filled in and has not signed: each field saved on change, so nothing is lost or asked twice."""

from sqlmodel import col, delete, select

from edge.database import Database
from edge.encounters import check_act, encounter
from edge.errors import BadCasework
from edge.permissions import Action
from edge.tables import Draft
from edge.views import OperatorView
from sync.contract.ids import ScreeningId

MAX_VALUE = 2000


class Drafts:
    """The fields of each screening that are not on record yet, by name. Raises BadCasework, NotAllowed, NotSaved."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, operator: OperatorView, screening: ScreeningId, act: Action = "casework", /, **fields: str) -> None:
        """Save fields of an act as they stand now; an empty one is taken away."""
        check_act(operator, act)
        with self._database.write() as session:
            encounter(session, operator, screening)
            for name, value in fields.items():
                if len(value) > MAX_VALUE:
                    raise BadCasework(f"{name}: {len(value)} characters; at most {MAX_VALUE} fit, make it shorter")
                session.exec(delete(Draft).where(col(Draft.screening) == screening, col(Draft.name) == name))
                if value:
                    session.add(Draft(screening=screening, name=name, value=value))

    def of(self, screening: ScreeningId) -> dict[str, str]:
        """Return the fields of a screening that are not on record yet."""
        with self._database.read() as session:
            return {row.name: row.value for row in session.exec(select(Draft).where(Draft.screening == screening))}

    def forget(self, screening: ScreeningId, prefix: str = "") -> None:
        """Take away the fields whose name begins with `prefix`: they are on record, or the officer gave them up."""
        with self._database.write() as session:
            named = col(Draft.name).startswith(prefix, autoescape=True)
            session.exec(delete(Draft).where(col(Draft.screening) == screening, named))
