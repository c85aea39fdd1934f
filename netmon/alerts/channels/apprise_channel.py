"""Messages through Apprise: mail, Teams, Slack, ntfy, Signal, SMS gateways and many more."""

import subprocess
import sys
from collections.abc import Iterable

from netmon.alerts.channels.apprise_child import CHECK, UNREADABLE
from netmon.alerts.channels.apprise_request import AppriseAnswer, AppriseRequest
from netmon.alerts.message import Undelivered
from netmon.config.channel_settings import ChannelKind
from netmon.config.channels import Channel
from netmon.domain.errors import Problem

_COMMAND = (sys.executable, "-P", "-m", "netmon.alerts.channels.apprise_child")
_CHECK_WITHIN_S = 30.0


def deliver(request: AppriseRequest) -> None:
    """
    Send one message; it ends within `request.timeout_s`, whatever the other side does.

    Raises
    ------
    Undelivered
        Never final: who types a wrong password mends it, and wants the message then.
    """
    answer = _ask(request)
    if answer.reason:
        raise Undelivered(answer.reason)


def apprise_problems(channels: Iterable[Channel], file: str) -> list[Problem]:
    """Return the channels whose address Apprise does not understand; it is never shown."""
    asked = [each for each in channels if each.kind is ChannelKind.APPRISE]
    found = [(each.name, _misspelling(each)) for each in asked]
    return [
        Problem(file, "", f"channels.{name}.url", UNREADABLE, shown)
        for name, shown in found
        if shown
    ]


def _misspelling(channel: Channel) -> str:
    request = AppriseRequest(channel.url, "", "", timeout_s=_CHECK_WITHIN_S)
    try:
        return _ask(request, CHECK).reason and "another one (not shown: it may be a secret)"
    except Undelivered as error:
        return error.reason


def _ask(request: AppriseRequest, *arguments: str) -> AppriseAnswer:
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and nothing of others in it
            [*_COMMAND, *arguments],
            input=request.line() + "\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what is written there may hold the address
            timeout=request.timeout_s,
            encoding="utf-8",
            check=False,
            start_new_session=True,  # Ctrl-C is for netmon, which ends it in order
        )
    except subprocess.TimeoutExpired:
        raise Undelivered(f"no answer within {request.timeout_s:g} s") from None
    except OSError as error:
        raise Undelivered(f"Apprise did not start: {(error.strerror or 'error').lower()}") from None
    if not ended.stdout:
        raise Undelivered("Apprise ended without an answer")
    return AppriseAnswer.of(ended.stdout)
