"""One message through one channel, whatever its kind."""

from datetime import datetime

from netmon.alerts.channels.apprise_channel import deliver
from netmon.alerts.channels.apprise_request import AppriseRequest
from netmon.alerts.channels.webhook import send_webhook
from netmon.alerts.message import Happening, Message
from netmon.alerts.reference import delivery_id, reference
from netmon.alerts.text import Text
from netmon.config.channel_settings import ChannelKind
from netmon.config.channels import Channel

_TONES = {
    Happening.PROBLEM: "failure",
    Happening.ESCALATION: "failure",
    Happening.CHANGED: "warning",
    Happening.REMINDER: "warning",
    Happening.RESOLVED: "success",
}
"""How Apprise colours a message, where a medium has colours."""


def send(channel: Channel, message: Message, text: Text, at: datetime) -> None:
    """
    Deliver a message at `at`, which is now (aware); it ends within the channel's `timeout_s`.

    The same message has the same id however often it is sent. Safe to call from any thread.

    Raises
    ------
    Undelivered
        With one clean line that holds no secret.
    """
    if channel.kind is ChannelKind.WEBHOOK:
        send_webhook(channel, message, text, at)
    else:
        deliver(_request(channel, message, text))


def _request(channel: Channel, message: Message, text: Text) -> AppriseRequest:
    return AppriseRequest(
        channel.url,
        text.subject,
        text.body,
        tone=_TONES[message.happening] if message.problems else "info",
        delivery_id=delivery_id(message),
        thread=f"netmon-{reference(message)}",
        timeout_s=channel.timeout_s,
    )
