-- What the collecting side knows. Instants are whole seconds since the epoch, UTC.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The truth: half-open intervals in which a check kept one status.
CREATE TABLE run (
  device_id  TEXT    NOT NULL,
  check_kind TEXT    NOT NULL,
  start_s    INTEGER NOT NULL,
  end_s      INTEGER CHECK (end_s > start_s),
  status     TEXT    NOT NULL CHECK (status IN ('up', 'degraded', 'down', 'unknown')),
  is_usable  INTEGER NOT NULL CHECK (is_usable IN (0, 1)),
  reason     TEXT    NOT NULL,
  PRIMARY KEY (device_id, check_kind, start_s)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX run_one_open ON run (device_id, check_kind) WHERE end_s IS NULL;
CREATE INDEX run_by_end ON run (end_s);

-- The newest look of each check: measurements as [[name, value, label], ...] and the looks
-- that speak against the open run as [[at_s, status, is_usable, reason], ...].
CREATE TABLE latest (
  device_id    TEXT    NOT NULL,
  check_kind   TEXT    NOT NULL,
  at_s         INTEGER NOT NULL,
  outcome      TEXT    NOT NULL,
  detail       TEXT    NOT NULL,
  measurements TEXT    NOT NULL,
  recent       TEXT    NOT NULL,
  PRIMARY KEY (device_id, check_kind)
) STRICT, WITHOUT ROWID;
