"""States and messages as text, for the store and back."""

from pydantic import TypeAdapter

from netmon.alerts.message import Message
from netmon.alerts.state import State

_STATE, _MESSAGE = TypeAdapter(State), TypeAdapter(Message)


def state_text(state: State) -> str:
    """Return a state as JSON; `state_of` gives it back, equal."""
    return _STATE.dump_json(state).decode()


def state_of(text: str) -> State:
    """Return the state that a text holds; raises `ValueError` where it holds none."""
    return _STATE.validate_json(text)


def message_text(message: Message) -> str:
    """Return a message as JSON; `message_of` gives it back, equal."""
    return _MESSAGE.dump_json(message).decode()


def message_of(text: str) -> Message:
    """Return the message that a text holds; raises `ValueError` where it holds none."""
    return _MESSAGE.validate_json(text)
