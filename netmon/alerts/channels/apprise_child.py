"""
The process that runs Apprise: one request on standard input, one answer on standard output.

It is a process of its own since Apprise takes 41 MB, logs addresses with their passwords, and has
no time limit that holds against a server that answers a byte a second: this one can be ended.
"""

import logging
import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

from netmon.alerts.channels.apprise_reason import reason_of
from netmon.alerts.channels.apprise_request import AppriseAnswer, AppriseRequest

if TYPE_CHECKING:
    from apprise import Apprise, AppriseAsset, NotifyBase

UNREADABLE = "an address that Apprise understands"
CHECK = "check"


class _Lines(logging.Handler):
    """Keeps what is logged in memory, where it ends with the process."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def texts(self) -> list[str]:
        return [record.getMessage() for record in self.records]

    def has_warning(self) -> bool:
        return any(each.levelno in {logging.WARNING, logging.ERROR} for each in self.records)


def main() -> None:
    """Answer one request; `check` as argument only reads the address and sends nothing."""
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever prints, does not print an answer
    request = AppriseRequest.of(sys.stdin.readline())
    lines = _listening()
    reason = _refusal(request, lines) if CHECK in sys.argv[1:] else _sent(request, lines)
    print(AppriseAnswer(reason).line(), file=answers, flush=True)
    # Apprise leaves threads and sockets behind; nothing of them is waited for.
    os._exit(0)


def _listening() -> _Lines:
    lines, logger = _Lines(), logging.getLogger("apprise")
    logger.addHandler(lines)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return lines


def _refusal(request: AppriseRequest, lines: _Lines) -> str:
    """Return what is wrong with the address; a part that Apprise drops was meant as something."""
    is_one = len(list(_apprise(request))) == 1
    return "" if is_one and not lines.has_warning() else UNREADABLE


def _sent(request: AppriseRequest, lines: _Lines) -> str:
    apprise = _apprise(request)
    services = list(apprise)
    if not services:
        return "its address is not one that Apprise understands"
    for service in services:
        _prepare(service, request)
    files = [f"file://{quote(path)}" for path in request.attachments]
    is_taken = apprise.notify(
        request.body, request.subject, request.tone, body_format="text", attach=files or None
    )
    return "" if is_taken else reason_of(lines.texts())


def _apprise(request: AppriseRequest) -> "Apprise":
    from apprise import Apprise  # noqa: PLC0415 - only once somebody listens to what it logs

    apprise = Apprise(asset=_asset(request))
    apprise.add(request.url)
    return apprise


def _asset(request: AppriseRequest) -> "AppriseAsset":
    from apprise import AppriseAsset  # noqa: PLC0415 - see above

    return AppriseAsset(
        app_id="netmon",
        app_desc="netmon",
        app_url="",
        image_url_mask="",  # else readers fetch pictures from a server of others
        image_url_logo="",
        http_redirects=False,
        storage_mode="memory",
        pgp_autogen=False,
        pem_autogen=False,
        interpret_emojis=False,
        interpret_escapes=False,
        allow_templates=False,
        service_timeout=request.timeout_s,
    )


def _prepare(service: "NotifyBase", request: AppriseRequest) -> None:
    """Bound each wait, send what is long in parts, and give mail the headers that sort it."""
    from apprise import OverflowMode  # noqa: PLC0415 - see above
    from apprise.plugins.email.base import NotifyEmail  # noqa: PLC0415 - see above

    service.socket_connect_timeout = service.socket_read_timeout = request.timeout_s
    if "overflow_mode" not in vars(service):  # else the address says what to do
        # Discord, Teams and SMS gateways refuse long messages, and would again on each try.
        service.overflow_mode = OverflowMode.SPLIT
    if not isinstance(service, NotifyEmail):
        return
    service.headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes in return
    if request.delivery_id:
        service.headers["X-Netmon-Id"] = request.delivery_id
    if request.thread:
        service.headers["References"] = f"<{request.thread}@netmon.invalid>"


if __name__ == "__main__":
    main()
