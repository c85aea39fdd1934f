-- What was worked out of points and runs. Instants are whole seconds since the epoch, UTC.

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

-- Hours of a UTC day, or (where `step_s` is a day) days of a UTC month that begins at `start_s`:
-- zlib over which of them (one byte each), count (4), least, greatest, mean (binary32 each).
CREATE TABLE summary (
  step_s    INTEGER NOT NULL CHECK (step_s IN (3600, 86400)),
  start_s   INTEGER NOT NULL,
  series_id INTEGER NOT NULL REFERENCES series (id),
  summaries BLOB    NOT NULL,
  PRIMARY KEY (step_s, start_s, series_id)
) STRICT, WITHOUT ROWID;

-- Of each hour of a UTC day: seconds in which a device was usable, and those that were judged;
-- zlib over 24 numbers of two bytes each, twice. Worked out of runs, hours and announcements.
CREATE TABLE worked (
  day_s     INTEGER NOT NULL,
  device_id TEXT    NOT NULL,
  hours     BLOB    NOT NULL,
  PRIMARY KEY (day_s, device_id)
) STRICT, WITHOUT ROWID;

-- The same of all devices together.
CREATE TABLE fleet_hour (
  hour_s   INTEGER PRIMARY KEY,
  usable_s INTEGER NOT NULL,
  judged_s INTEGER NOT NULL
) STRICT;
