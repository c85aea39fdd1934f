#!/bin/sh
# Install what the tests need from the system, where apt may; say what stays missing.
set -eu
wanted=
command -v snmpd >/dev/null || [ -x /usr/sbin/snmpd ] || wanted="$wanted snmpd snmp"
command -v snmpbulkwalk >/dev/null || case "$wanted" in *snmp*) ;; *) wanted="$wanted snmp" ;; esac
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || wanted="$wanted chromium"
command -v prometheus-node-exporter >/dev/null || wanted="$wanted prometheus-node-exporter"
command -v prometheus >/dev/null || wanted="$wanted prometheus"
[ -n "$wanted" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
  sudo="sudo -n"
  command -v sudo >/dev/null && sudo -n true 2>/dev/null || sudo=none
fi
if [ "$sudo" = none ] || ! command -v apt-get >/dev/null; then
  echo "make test: the tests that need$wanted will not run: apt may not install here" >&2
  exit 0
fi
echo "installing$wanted"
# No daemon may start: the tests run an snmpd of their own, on a port of their own.
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
[ "$status" = 0 ] || echo "make test: apt could not install$wanted: their tests will not run" >&2
