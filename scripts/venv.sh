#!/bin/sh
# Make the virtual environment from a locked set: scripts/venv.sh requirements.lock
set -eu
lock=$1
venv=.venv
stamp="$venv/.installed-$(basename "$lock")"
digest=$(cat "$lock" pyproject.toml | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ] && exit 0

found=
for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found=$python
    break
  fi
done
[ -n "$found" ] || { echo "make: Python: expected 3.11 or newer, found none; set PYTHON=" >&2; exit 2; }

echo "1/3 making $venv with $("$found" --version)"
if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
  if ! "$found" -c 'import ensurepip' 2>/dev/null; then
    # Debian keeps this part of Python in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv >/dev/null
    else
      echo "make: Python's venv: expected it to be installed, found none: apt install python3-venv" >&2
      exit 2
    fi
  fi
  "$found" -m venv --clear "$venv"
fi
total=$(grep -c '==' "$lock")
echo "2/3 installing $total pinned packages"
{ "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off \
  --require-hashes --only-binary :all: --requirement "$lock" 2>&1 || echo "ERROR: pip failed"; } |
  awk -v total="$total" -v tty="$([ -t 1 ] && echo 1 || echo 0)" '
    /^ERROR/ { print > "/dev/stderr"; failed = 1 }
    /^(Collecting|Processing) / { seen++; parts = split($2, path, "/"); name = path[parts]
      sub(/[-=].*/, "", name); if (tty) printf "\r    %d of %d  %-40s", seen, total, name
      else if (seen % 10 == 0) printf "    %d of %d\n", seen, total
      fflush() }
    END { if (tty) print ""; exit failed }' || {
  echo "make: packages: expected every one of $lock, found the failure above" >&2; exit 2; }
echo "3/3 installing netmon itself"
"$venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-deps \
  --no-build-isolation --editable .
"$venv/bin/python" -m geodata.warm
echo "$digest" >"$stamp"
