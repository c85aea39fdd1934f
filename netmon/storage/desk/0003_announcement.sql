-- What people announced: work that mutes, and times at which a site keeps other hours.

-- Every version of each announcement (`uid`), oldest first; the newest holds. None is changed.
-- `announced_s`: since when people could know of it as this version says it.
CREATE TABLE announcement (
  number      INTEGER PRIMARY KEY,
  uid         TEXT    NOT NULL,
  entered_s   INTEGER NOT NULL,
  announced_s INTEGER NOT NULL,
  document    TEXT    NOT NULL
) STRICT;

CREATE INDEX announcement_uid ON announcement (uid, number);

INSERT INTO announcement (uid, entered_s, announced_s, document)
SELECT 'maintenance-' || id, start_s, start_s, json_object(
  'uid', 'maintenance-' || id,
  'effect', 'maintenance',
  'subjects', json_array(subject),
  'timing', json_object(
    'start', strftime('%Y-%m-%dT%H:%M:%S', start_s, 'unixepoch'),
    'zone', 'UTC',
    'exact_s', end_s - start_s
  ),
  'announced_s', start_s,
  'note', note
) FROM maintenance ORDER BY id;

DROP TABLE maintenance;
