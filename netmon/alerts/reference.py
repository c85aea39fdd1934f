"""Names of messages that stay the same however often they are delivered."""

import hashlib

from netmon.alerts.message import Message


def reference(message: Message) -> str:
    """Return eight digits that a problem and its end share: people match them by eye."""
    return _digest(message.key)[:8]


def delivery_id(message: Message) -> str:
    """Return what a receiver knows a message by that was delivered before."""
    return f"msg_{_digest(message.id)[:32]}"


def _digest(text: str) -> str:
    # A key may hold whatever a device is called: digits fit into headers of any medium.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
