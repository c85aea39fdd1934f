-- How often runs were changed, by the UTC day (days since the epoch) from which on they read
-- otherwise since: what was worked out of earlier days still holds. A journal, no cache.

CREATE TABLE changed (
  day   INTEGER PRIMARY KEY,
  times INTEGER NOT NULL
) STRICT;

CREATE TRIGGER run_began AFTER INSERT ON run BEGIN
  INSERT INTO changed VALUES (new.start_s / 86400, 1) ON CONFLICT DO UPDATE SET times = times + 1;
END;

CREATE TRIGGER run_went AFTER DELETE ON run BEGIN
  INSERT INTO changed VALUES (old.start_s / 86400, 1) ON CONFLICT DO UPDATE SET times = times + 1;
END;

-- Where only the end moved, all before the nearer of both ends reads as it did.
CREATE TRIGGER run_turned AFTER UPDATE ON run BEGIN
  INSERT INTO changed VALUES (
    iif(
      (old.device_id, old.check_kind, old.start_s, old.status, old.is_usable, old.reason)
        = (new.device_id, new.check_kind, new.start_s, new.status, new.is_usable, new.reason),
      min(ifnull(old.end_s, new.end_s), ifnull(new.end_s, old.end_s)),
      min(old.start_s, new.start_s)
    ) / 86400,
    1
  ) ON CONFLICT DO UPDATE SET times = times + 1;
END;
