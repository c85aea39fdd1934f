-- Who said it, where a device was not asked itself: the id of a controller or another monitor.
ALTER TABLE latest ADD COLUMN source TEXT NOT NULL DEFAULT '';

-- What such a source sees and the inventory lacks; `mac` and `address` are empty where unknown.
CREATE TABLE stranger (
  source  TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  mac     TEXT    NOT NULL,
  address TEXT    NOT NULL,
  since_s INTEGER NOT NULL,
  PRIMARY KEY (source, name, mac)
) STRICT, WITHOUT ROWID;

-- How the collecting side itself does, as of its last word: poll lag, notifications, ...
CREATE TABLE vital (
  name  TEXT PRIMARY KEY,
  value REAL NOT NULL
) STRICT, WITHOUT ROWID;
