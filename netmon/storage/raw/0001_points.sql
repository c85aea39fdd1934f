-- The points of one UTC day. Instants are whole seconds since the epoch, UTC.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  id          INTEGER PRIMARY KEY,
  device_id   TEXT NOT NULL,
  measurement TEXT NOT NULL,
  label       TEXT NOT NULL,
  UNIQUE (device_id, measurement, label)
) STRICT;

-- Twenty minutes of one series: first the seconds after `start_s` (two bytes each), then as many
-- numbers (binary32). Little-endian, ascending. What is written now lies together in the file.
CREATE TABLE block (
  start_s   INTEGER NOT NULL,
  series_id INTEGER NOT NULL REFERENCES series (id),
  points    BLOB    NOT NULL CHECK (length(points) % 6 = 0),
  PRIMARY KEY (start_s, series_id)
) STRICT, WITHOUT ROWID;

-- Hours whose summaries have to be worked out, because points came since.
CREATE TABLE stale (
  hour_s INTEGER PRIMARY KEY
) STRICT;
