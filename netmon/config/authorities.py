"""Files of certificates that checks trust: wrong ones are told before anything is asked."""

import ssl
from pathlib import Path

from netmon.config.settings import Settings
from netmon.domain.errors import Problem

KEY = "ca_file"


def authority_problems(settings: Settings, file: str) -> list[Problem]:
    """Return the files that no check could trust by: absent, unreadable, without a certificate."""
    found = []
    for name, check in settings.checks.items():
        written = check.params.get(KEY)
        if isinstance(written, str) and (fault := _fault(Path(written))):
            expected = f"{written} to hold PEM certificates"
            found.append(Problem(file, "", f"checks.{name}.params.{KEY}", expected, fault))
    return found


def _fault(path: Path) -> str:
    try:
        if not path.read_bytes().strip():
            return "an empty file"
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        return "none"
    except OSError as error:
        return str(error.strerror)
    return ""
