-- What is told of problems. Instants are whole seconds since the epoch, UTC.

-- What planning remembers, as JSON: kept in one transaction with the messages that it planned.
CREATE TABLE alert_state (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  document TEXT NOT NULL
) STRICT;

-- Messages in the order in which they were planned; `key` is the same from a problem to its end.
CREATE TABLE alert_message (
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  key      TEXT    NOT NULL,
  is_end   INTEGER NOT NULL CHECK (is_end IN (0, 1)),
  at_s     INTEGER NOT NULL,
  document TEXT    NOT NULL
) STRICT;

CREATE INDEX alert_message_key ON alert_message (key, number);

-- What became of each message on each channel. `moot`: the end of what never got through.
-- `next_s`: not to be tried before; `at_s`: when it was last tried, or settled.
CREATE TABLE alert_delivery (
  message  INTEGER NOT NULL REFERENCES alert_message (number) ON DELETE CASCADE,
  channel  TEXT    NOT NULL,
  state    TEXT    NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'moot')),
  attempts INTEGER NOT NULL,
  next_s   INTEGER NOT NULL,
  at_s     INTEGER NOT NULL,
  reason   TEXT    NOT NULL,
  PRIMARY KEY (message, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_delivery_waiting ON alert_delivery (channel, message) WHERE state = 'waiting';
