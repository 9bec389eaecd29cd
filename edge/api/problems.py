"""Every error of the JSON side in one shape: problem details (RFC 9457) with a stable `code`."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from edge.errors import (
    BadCasework,
    Busy,
    EdgeError,
    Locked,
    NotAllowed,
    NotSignedIn,
    TokenRefused,
    UnknownAct,
    UnknownCase,
    UnknownOperator,
    UnknownReading,
    WrongPin,
)
from sync.errors import SealError

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[Exception], int] = {
    NotSignedIn: 401,
    WrongPin: 403,
    NotAllowed: 403,
    TokenRefused: 403,
    UnknownAct: 404,
    Locked: 429,
    UnknownOperator: 404,
    UnknownReading: 404,
    UnknownCase: 404,
    Busy: 409,
    BadCasework: 409,
}
_UNAVAILABLE = 503
_HTTP_CODES = {400: "bad-request", 404: "not-found", 405: "method-not-allowed"}


def problem(status: int, code: str, detail: str, **more: Any) -> JSONResponse:  # noqa: ANN401 - JSON values
    """Return the one error body: `code` is stable and for programs, `detail` is for the person who looks."""
    body = {"type": f"urn:garita:problem:{code}", "title": code.replace("-", " "), "status": status, "code": code}
    return JSONResponse({**body, "detail": detail, **more}, status, media_type=MEDIA_TYPE)


def of_edge(_: Request, error: Exception) -> JSONResponse:
    """Answer an error of the station."""
    code = error.code if isinstance(error, EdgeError) else EdgeError.code
    return problem(_STATUS.get(type(error), _UNAVAILABLE), code, str(error), **_more(error))


def of_sync(_: Request, error: Exception) -> JSONResponse:
    """Answer an error of sealing: nothing was saved."""
    code = "sealing-failed" if isinstance(error, SealError) else "sync-error"
    return problem(_UNAVAILABLE, code, str(error))


def of_form(_: Request, error: Exception) -> JSONResponse:
    """Answer a request whose fields are wrong, naming each."""
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    faults = [{"field": ".".join(map(str, each["loc"])), "expected": each["msg"]} for each in found]
    return problem(422, "bad-request", "the request's fields are not of the expected form", faults=faults)


def of_http(_: Request, error: Exception) -> JSONResponse:
    """Answer what the router refused."""
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return problem(status, _HTTP_CODES.get(status, f"http-{status}"), detail)


def of_fault(_: Request, __: Exception) -> JSONResponse:
    """Answer a fault of ours, without telling its insides; the log has them."""
    return problem(500, "internal-error", "the station failed at this; try again, then tell a technician")


def _more(error: Exception) -> dict[str, Any]:
    match error:
        case WrongPin():
            return {"attempts_left": error.attempts_left}
        case Locked():
            return {"seconds": error.seconds, "until": error.until.isoformat()}
        case _:
            return {}
