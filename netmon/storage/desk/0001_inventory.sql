-- What people decided. Instants are whole seconds since the epoch, UTC.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Places and devices as they were from `since_s` on; a revision is never changed.
CREATE TABLE inventory_revision (
  number   INTEGER PRIMARY KEY,
  since_s  INTEGER NOT NULL,
  digest   TEXT    NOT NULL,
  document TEXT    NOT NULL
) STRICT;

-- Announced work: devices below a place or a device are in maintenance, not down.
CREATE TABLE maintenance (
  id        INTEGER PRIMARY KEY,
  subject   TEXT    NOT NULL,
  start_s   INTEGER NOT NULL,
  end_s     INTEGER NOT NULL CHECK (end_s > start_s),
  note      TEXT    NOT NULL
) STRICT;

-- Opening hours as UTC windows, worked out once per rule and year: [[start_s, end_s], ...].
CREATE TABLE opening_year (
  rule    TEXT    NOT NULL,
  year    INTEGER NOT NULL,
  windows TEXT    NOT NULL,
  PRIMARY KEY (rule, year)
) STRICT, WITHOUT ROWID;
