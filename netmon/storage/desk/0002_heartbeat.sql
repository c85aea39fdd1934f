-- What agents and probes said. Instants are whole seconds since the epoch, UTC.

-- The newest heartbeat of each device: its contents are kept until the next one comes.
CREATE TABLE heartbeat (
  device_id  TEXT PRIMARY KEY,
  at_s       INTEGER NOT NULL,
  received_s INTEGER NOT NULL,
  document   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- When beats of the last day were taken: none counts twice. Their contents are not kept.
CREATE TABLE heartbeat_instant (
  device_id TEXT    NOT NULL,
  at_s      INTEGER NOT NULL,
  PRIMARY KEY (device_id, at_s)
) STRICT, WITHOUT ROWID;

-- What was already used to sign a letter, for as long as that letter would be accepted.
CREATE TABLE heartbeat_nonce (
  device_id TEXT    NOT NULL,
  nonce     TEXT    NOT NULL,
  until_s   INTEGER NOT NULL,
  PRIMARY KEY (device_id, nonce)
) STRICT, WITHOUT ROWID;

CREATE INDEX heartbeat_nonce_until ON heartbeat_nonce (until_s);

-- From when until when, without a break, somebody listened: a silence counts only then.
CREATE TABLE heartbeat_receiver (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  since_s INTEGER NOT NULL,
  until_s INTEGER NOT NULL
) STRICT;
