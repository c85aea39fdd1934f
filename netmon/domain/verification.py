"""
Whether Wi-Fi was seen to bring a resident to the internet. Pure.

An access point that is up has its radio on; that is all it proves. Only a probe that joined the
public network and got its page verifies the service.
"""

from collections.abc import Iterable

from netmon.domain.model import Status

_TRIED = frozenset({Status.UP, Status.DEGRADED})
"""The states of a probe that told how far it came; a silent one is down."""


def is_verified(probes: Iterable[tuple[Status, bool]]) -> bool | None:
    """
    Return what the probes of a place say of its Wi-Fi.

    Parameters
    ----------
    probes
        Status and usability of each probe there.

    Returns
    -------
    True where one got its page, False where all that tried failed, None where none tried
    lately: a probe that is switched off proves nothing against the Wi-Fi.
    """
    tried = [is_usable for status, is_usable in probes if status in _TRIED]
    return any(tried) if tried else None


def with_verification(status: Status, verified: bool | None) -> Status:  # noqa: FBT001 - three values, not a switch
    """Return a place's status: where all works and no page comes, it works badly."""
    return Status.DEGRADED if status is Status.UP and verified is False else status
