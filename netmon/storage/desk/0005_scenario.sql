-- What planners thought of trying: changes under a name. A row is never changed: its key is worked
-- out from what is in it, so that a link shows tomorrow what it shows today.
CREATE TABLE scenario (
  number  INTEGER PRIMARY KEY,
  key     TEXT    NOT NULL UNIQUE,
  name    TEXT    NOT NULL,
  steps   TEXT    NOT NULL,
  saved_s INTEGER NOT NULL
) STRICT;
