"""Which recipient lists a station has used, in the journal's database: an older one is never used again."""

from sqlmodel import Field, Session, SQLModel, col, select

from sync.errors import RefusedList
from sync.recipients import RecipientList
from sync.roots import RootSet


class AcceptedList(SQLModel, table=True):
    """One list that was in use here, under the root keys of this digest."""

    __tablename__ = "recipient_list"  # pyright: ignore[reportAssignmentType] - SQLModel declares it as a callable too

    version: int = Field(primary_key=True)
    digest: bytes
    roots: bytes


def newest(session: Session) -> AcceptedList | None:
    """Return the newest list that was ever in use, or None."""
    return session.exec(select(AcceptedList).order_by(col(AcceptedList.version).desc()).limit(1)).first()


def check(offered: RecipientList, roots: RootSet, last: AcceptedList | None) -> None:
    """Raise RefusedList unless `offered` is the list in use or a newer one, under the same root keys."""
    if last is None:
        return
    if roots.digest != last.roots:
        raise RefusedList("the root keys are not those that this station was provisioned with; provision it again")
    if offered.version < last.version:
        raise RefusedList(f"recipient list {offered.version} is older than {last.version}, which was in use here")
    if offered.version == last.version and offered.digest != last.digest:
        raise RefusedList(f"recipient list {offered.version} is not the one of that number which was in use here")


def admit(session: Session, offered: RecipientList, roots: RootSet) -> AcceptedList | None:
    """Note that `offered` is in use from now on, and return the list before it; raises RefusedList as `check` does.

    The same list again, and the first of all, follow none.
    """
    last = newest(session)
    check(offered, roots, last)
    if last and last.version == offered.version:
        return None
    session.add(AcceptedList(version=offered.version, digest=offered.digest, roots=roots.digest))
    return last
