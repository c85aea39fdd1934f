-- What people said of incidents: that somebody is at it, notes, links.

-- Every version of each annotation (`uid`), oldest first; the newest holds. A second version only
-- withdraws. It hangs on the subject and the instant in its document, never on an incident's id.
-- `entered_s`: when this version was kept.
CREATE TABLE annotation (
  number    INTEGER PRIMARY KEY,
  uid       TEXT    NOT NULL,
  entered_s INTEGER NOT NULL,
  document  TEXT    NOT NULL
) STRICT;

CREATE INDEX annotation_uid ON annotation (uid, number);
