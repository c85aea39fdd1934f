#!/bin/sh
# Install what the tests need from the system, where apt may; say what stays missing. No daemon
# is started: each test runs its own, on ports of its own.
set -eu
wanted=
need() { # a command that shows that it is there, and the packages that bring it
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || wanted="$wanted $2"
}

need snmpd snmpd
need snmpbulkwalk snmp
need ip iproute2
command -v chromium-browser >/dev/null 2>&1 || need chromium chromium
need prometheus prometheus
need prometheus-node-exporter prometheus-node-exporter
# A whole Zabbix of its own, started and stopped by the tests of that check.
need zabbix_server "zabbix-server-pgsql postgresql"
[ -e /usr/share/zabbix/api_jsonrpc.php ] || wanted="$wanted zabbix-frontend-php"
need php "php-cli php-pgsql php-mbstring php-xml php-gd php-bcmath"
[ -n "$wanted" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
  sudo="sudo -n"
  command -v sudo >/dev/null && sudo -n true 2>/dev/null || sudo=none
fi
if [ "$sudo" = none ] || ! command -v apt-get >/dev/null; then
  echo "make test: what needs$wanted will not run: apt may not install here" >&2
  exit 0
fi
echo "installing$wanted"
policy=/usr/sbin/policy-rc.d
made=
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
  $sudo chmod 755 "$policy"
  made=1
fi
status=0
{ $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive \
  apt-get install -qq -y --no-install-recommends $wanted >/dev/null; } || status=$?
[ -z "$made" ] || $sudo rm -f "$policy"
[ "$status" = 0 ] || echo "make test: apt could not install$wanted: what needs it will not run" >&2
