"""File descriptors: each device that is asked over SNMP keeps one."""

import logging
import resource

logger = logging.getLogger(__name__)

OTHERS = 256
"""Files of the store, connections of browsers, sockets of other checks."""


def make_room(devices: int) -> None:
    """Let this process open what so many devices need; tell where the system says less."""
    wanted = devices + OTHERS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, raised), hard))
        soft = max(soft, raised)
    if soft < wanted:
        logger.warning(
            "descriptors: expected room for %d, found a hard limit of %d: raise LimitNOFILE",
            wanted,
            hard,
        )
