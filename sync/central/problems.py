"""Every HTTP error of the centre in one shape: problem details (RFC 9457) with a stable `code`."""

import logging
import sqlite3
from http import HTTPStatus

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sync.central.gate import Busy
from sync.errors import CentralRefused, LogDamaged, Malformed

LOG = logging.getLogger(__name__)

CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_TIMEOUT: "too_slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}


def problem(status: HTTPStatus, code: str, detail: str) -> JSONResponse:
    """Return the one shape."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "code": code, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of `app` in the one shape. What went wrong inside is logged, not told."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Malformed, _malformed)
    app.add_exception_handler(CentralRefused, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    for unavailable in (LogDamaged, sqlite3.Error, psycopg.Error, OSError):
        app.add_exception_handler(unavailable, _unavailable)
    app.add_exception_handler(Busy, _busy)
    app.add_exception_handler(Exception, _internal)


async def _http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    return problem(status, CODES.get(status, f"http_{status.value}"), error.detail)


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.BAD_REQUEST, "malformed", str(error))


async def _refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CentralRefused):
        raise error
    return problem(HTTPStatus.CONFLICT, error.code, error.detail)


async def _busy(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Busy):
        raise error
    return busy(error)


def busy(error: Busy) -> JSONResponse:
    """Return the answer to who came too often, or when too much is under way."""
    answer = problem(HTTPStatus.TOO_MANY_REQUESTS, "busy", f"{error}; keep the entries and try again")
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


async def _unavailable(_: Request, error: Exception) -> JSONResponse:
    LOG.error("nothing can be taken in: %s", error)
    detail = "the centre cannot store or log now; keep the entries and try again"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", detail)


async def _internal(_: Request, error: Exception) -> JSONResponse:
    LOG.error("a fault in the centre itself: %r", error)
    detail = "a fault in the centre itself; keep the entries and try again"
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail)
