"""The screening that something is added to: practice to practice, evidence to evidence, by who may."""

from sqlmodel import Session

from edge.errors import BadCasework
from edge.permissions import Action, check, may
from edge.tables import Screening
from edge.views import OperatorView
from sync.contract.ids import ScreeningId


def encounter(session: Session, operator: OperatorView, screening: ScreeningId) -> Screening:
    """Return the screening; raises BadCasework where there is none, or where one is practice and the other is not."""
    row = session.get(Screening, screening)
    if row is None:
        raise BadCasework(f"there is no screening {screening} at this station")
    if row.training != operator.training:
        raise BadCasework(f"screening {screening} is {'practice' if row.training else 'real'}, and this session is not")
    return row


def check_act(operator: OperatorView, action: Action) -> None:
    """Raise NotAllowed unless this is the operator's to do; in practice, unless they may practise."""
    check(operator, _asked(operator, action))


def may_act(operator: OperatorView, action: Action) -> bool:
    """Tell whether `check_act` lets them: for screens that offer it."""
    return may(operator, _asked(operator, action))


def _asked(operator: OperatorView, action: Action) -> Action:
    return "train" if operator.training else action
