"""The checks of conformance, each on one rule of PROTOCOL.md, in an order in which later ones build on earlier ones."""

import drivers.analyzer_link.conformance_acquisitions as acquisitions
import drivers.analyzer_link.conformance_answers as answers
from drivers.analyzer_link.conformance_subject import Check

CHECKS = (
    Check("frame", "section 2: COBS and CRC-32C", answers.frame),
    Check("identity", "section 3: identify is answered with identity", answers.identity, ("frame",)),
    Check("version", "section 8: version 1 is chosen, others are refused", answers.version, ("identity",)),
    Check("no-session", "section 4: without a session everything is refused", answers.no_session, ("version",)),
    Check("status", "section 3: status is answered with state", answers.status, ("identity",)),
    Check("repeat", "section 4: a request that comes again is answered again", answers.repeat, ("status",)),
    Check("noise", "section 2: damaged, half, empty and endless frames are passed over", answers.noise, ("status",)),
    Check("strictness", "section 4: what is no message of section 3 is passed over", answers.strictness, ("status",)),
    Check("self-check", "section 5: a self-check ends in 20 s", answers.self_check, ("identity",)),
    Check("abort-idle", "section 4: abort is answered with nothing running too", answers.abort_idle, ("identity",)),
    Check("events", "section 4: numbered events up to done", acquisitions.events, ("identity",)),
    Check("event-times", "section 5: event 0 in 0.5 s, each next one in 1 s", acquisitions.event_times, ("events",)),
    Check("spectra", "section 4: every energy in exactly one place, in order", acquisitions.spectra, ("events",)),
    Check("never-again", "section 4: the same acquire never measures again", acquisitions.never_again, ("events",)),
    Check("resend", "section 4: kept events come again, the same bytes", acquisitions.resend, ("never-again",)),
    Check(
        "resend-unknown", "section 6: events of no acquisition are refused", acquisitions.resend_unknown, ("identity",)
    ),
    Check(
        "resend-while-measuring",
        "section 4: sent events come again, then it goes on",
        acquisitions.resend_while_measuring,
        ("resend",),
    ),
    Check("busy", "section 4: nothing else begins while it measures", acquisitions.busy, ("status", "events")),
    Check(
        "abort", "section 4: after aborted no event follows", acquisitions.abort, ("status", "events", "resend-unknown")
    ),
    Check(
        "identify-ends",
        "section 4: identify ends what was going on",
        acquisitions.identify_ends,
        ("events", "resend-unknown"),
    ),
)
"""Every check, in the order in which they are made."""
