"""The collecting side's ear for SNMP notifications; each brings a look at its sender forward."""

import logging
from collections.abc import Iterable, Mapping

from collectors.notifications.listener import Listener
from collectors.target import Community, Credentials, SnmpCredentials, UsmUser
from netmon.config.settings import NotificationSettings
from netmon.domain.errors import ConfigError, Problem
from netmon.domain.model import Device
from netmon.scheduler.notices import Hurry, Notices

logger = logging.getLogger(__name__)


class Noticing:
    """
    Listens until it is closed.

    Raises
    ------
    ConfigError
        If the port is taken or may not be used.
    """

    def __init__(
        self,
        settings: NotificationSettings,
        credentials: Mapping[str, Credentials],
        hurry: Hurry,
    ) -> None:
        self._notices = Notices(hurry)
        try:
            self._listener = Listener(
                settings.host,
                settings.port,
                _believed(settings, credentials),
                self._notices.heard,
                knows=self._notices.knows,
            )
        except OSError as error:
            self._notices.close()
            where = f"{settings.host}:{settings.port}"
            expected = "a UDP address that is free and that netmon may use"
            found = str(error.strerror)
            raise ConfigError([Problem("notifications", "", where, expected, found)]) from error

    def know(self, devices: Iterable[Device]) -> None:
        """Take these devices for all there are."""
        self._notices.know(devices)

    def counts(self) -> Mapping[str, int]:
        """Return what became of the datagrams so far, by `notifications_…`."""
        return {f"notifications_{name}": each for name, each in self._listener.counts().items()}

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        self._notices.close()


def _believed(
    settings: NotificationSettings, credentials: Mapping[str, Credentials]
) -> dict[str, SnmpCredentials]:
    named = {name: credentials.get(name) for name in settings.credentials}
    return {name: each for name, each in named.items() if isinstance(each, Community | UsmUser)}
