"""A real Zabbix on loopback: PostgreSQL, the server, and its frontend under PHP's web server."""

import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.collectors.daemons import free_tcp_port, listens, running
from tests.conftest import require
from tests.waiting import wait_for

FRONTEND = Path("/usr/share/zabbix")
DATABASE = Path("/usr/share/zabbix-server-pgsql")
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
SYSTEM = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
CONFIGURED_AT = "/etc/zabbix/zabbix.conf.php"
NEEDED = (
    "users|usrgrp|users_groups|role|role_rule|config|config_autoreg_tls|hstgrp|globalmacro"
    "|regexps|expressions"
)
"""Tables whose rows a Zabbix without templates needs; the templates are 30 MB."""

SETTINGS = """\
LogType=console
AllowRoot=1
CacheUpdateFrequency=1
UnreachablePeriod=1
UnavailableDelay=1
UnreachableDelay=1
Timeout=1
StartPollers=2
StartPollersUnreachable=1
StartPingers=0
StartTrappers=0
StartDiscoverers=0
StartHTTPPollers=0
StartAlerters=1
StartPreprocessors=1
StartLLDProcessors=1
StartDBSyncers=1
StartProxyPollers=0
StartODBCPollers=0
ListenIP=127.0.0.1
"""


@dataclass
class ZabbixServer:
    """A frontend at `port`, and an administrator who may say what is monitored."""

    folder: Path
    port: int
    session: str = field(default="", repr=False)

    def call(self, method: str, params: object) -> Any:
        """Call the interface as the administrator."""
        body: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        if self.session:
            body["auth"] = self.session
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api_jsonrpc.php",
            json.dumps(body).encode(),
            {"Content-Type": "application/json-rpc"},
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - as above
            said = json.load(answer)
        assert "error" not in said, said
        return said["result"]

    def create(self, what: str, **params: object) -> str:
        """Create one object and return its id."""
        (ids,) = self.call(f"{what}.create", params).values()
        return str(ids[0])

    @contextmanager
    def monitoring(self) -> Iterator[None]:
        """Let the server watch what has been created so far, and whatever is created then."""
        program = shutil.which("zabbix_server", path=SYSTEM)
        assert program is not None
        settings = self.folder / "server.conf"
        places = f"DBHost={self.folder}\nSocketDir={self.folder}\nPidFile={self.folder}/pid\n"
        names = "DBName=zabbix\nDBUser=zabbix\n"
        settings.write_text(SETTINGS + places + names, "utf-8")
        with running([program, "-f", "-c", str(settings)], self.folder / "server.log"):
            yield


@contextmanager
def zabbix_server() -> Iterator[ZabbixServer]:
    """Start database and frontend, log the administrator in; the server starts when asked."""
    require("zabbix-server-pgsql", shutil.which("zabbix_server", path=SYSTEM) is not None)
    require("zabbix-frontend-php", (FRONTEND / "api_jsonrpc.php").exists())
    require("postgresql", bool(POSTGRES))
    with ExitStack() as stack:
        # Not below pytest's folder: PostgreSQL never runs as root, and could not enter it.
        folder = Path(tempfile.mkdtemp(prefix="netmon-zabbix-"))
        stack.callback(shutil.rmtree, folder)
        stack.enter_context(_database(folder))
        started = ZabbixServer(folder, stack.enter_context(_frontend(folder)))
        started.session = started.call("user.login", {"username": "Admin", "password": "zabbix"})
        yield started


@contextmanager
def _database(folder: Path) -> Iterator[None]:
    prefix: list[str] = []
    if os.geteuid() == 0:
        # Unlike runuser it becomes the program, whose pid is then the one that is ended.
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        shutil.chown(folder, "postgres")
    options = ["--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "zabbix"]
    data = str(folder / "data")
    create = [*prefix, str(POSTGRES[0] / "initdb"), *options, "-D", data]
    subprocess.run(create, check=True, capture_output=True)
    careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    settings = [f"unix_socket_directories={folder}", "listen_addresses=", *careless]
    serve = [*prefix, str(POSTGRES[0] / "postgres"), "-D", data]
    with running(
        [*serve, *(word for each in settings for word in ("-c", each))], folder / "db.log"
    ):
        wait_for((folder / ".s.PGSQL.5432").exists, within_s=30, what="PostgreSQL listens")
        wait_for(lambda: _is_ready(folder), within_s=30, what="PostgreSQL is ready")
        _psql(folder, "postgres", "CREATE DATABASE zabbix")
        _psql(folder, "zabbix", _read("schema.sql.gz"))
        rows = re.findall(rf"^INSERT INTO (?:{NEEDED}) .*$", _read("data.sql.gz"), re.MULTILINE)
        _psql(folder, "zabbix", "\n".join(["SET session_replication_role = replica;", *rows]))
        yield


def _is_ready(folder: Path) -> bool:
    asked = [str(POSTGRES[0] / "pg_isready"), "-h", str(folder), "-d", "postgres", "-U", "zabbix"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def _psql(folder: Path, database: str, sql: str) -> None:
    command = [str(POSTGRES[0] / "psql"), "-q", "-h", str(folder), "-U", "zabbix", "-d", database]
    subprocess.run(
        [*command, "-v", "ON_ERROR_STOP=1"],
        input=sql.encode(),
        check=True,
        capture_output=True,
    )


def _read(name: str) -> str:
    return gzip.decompress((DATABASE / name).read_bytes()).decode()


@contextmanager
def _frontend(folder: Path) -> Iterator[int]:
    """Serve a copy of the frontend: Debian's own reads one configuration below /etc."""
    site, settings = folder / "site", folder / "zabbix.conf.php"
    skipped = shutil.ignore_patterns("assets", "fonts", "locale", "js", "audio")
    shutil.copytree(FRONTEND, site, ignore=skipped, ignore_dangling_symlinks=True)
    reader = site / "include/classes/core/CConfigFile.php"
    reader.write_text(reader.read_text("utf-8").replace(CONFIGURED_AT, str(settings)), "utf-8")
    values = {"TYPE": "POSTGRESQL", "SERVER": str(folder), "PORT": "5432", "DATABASE": "zabbix"}
    values |= {"USER": "zabbix", "PASSWORD": "", "SCHEMA": ""}
    lines = [f"$DB['{name}'] = '{value}';" for name, value in values.items()]
    off = ["$DB['ENCRYPTION'] = false;", "$DB['DOUBLE_IEEE754'] = true;"]
    settings.write_text("\n".join(["<?php", *lines, *off]), "utf-8")
    port = free_tcp_port()
    command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(site)]
    with running(command, folder / "frontend.log"):
        wait_for(lambda: listens(port), within_s=30, what="the frontend listens")
        yield port
