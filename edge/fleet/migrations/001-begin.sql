-- What branches told, as they told it. A count of one to four left no branch: where a count is null, it was one of those.
CREATE SCHEMA fleet_kept;

CREATE TABLE fleet_kept.hours (
  branch            text        NOT NULL,
  hour              timestamptz NOT NULL,
  -- When the branch made it: of two of the same hour the later one counts.
  at                timestamptz NOT NULL,
  heard             timestamptz NOT NULL DEFAULT now(),
  timezone          text        NOT NULL,
  -- When it began by the branch's own clock.
  wall              timestamp   NOT NULL,
  open_minutes      smallint    NOT NULL,
  recorded_minutes  smallint    NOT NULL,
  blind_seconds     smallint    NOT NULL,
  target_seconds    real        NOT NULL,
  came              integer,
  in_time           integer,
  never_met         integer,
  median_seconds    real,
  p90_seconds       real,
  waits             integer,
  wait_median_seconds real,
  wait_p90_seconds  real,
  prompts           integer,
  buzzes            integer,
  most_buzzes       smallint    NOT NULL,
  latency_p50_seconds real,
  latency_p95_seconds real,
  version           text        NOT NULL,
  PRIMARY KEY (branch, hour)
) PARTITION BY RANGE (hour);

CREATE TABLE fleet_kept.days (
  branch            text        NOT NULL,
  day               date        NOT NULL,
  at                timestamptz NOT NULL,
  heard             timestamptz NOT NULL DEFAULT now(),
  target_seconds    real        NOT NULL,
  came              integer,
  in_time           integer,
  never_met         integer,
  median_seconds    real,
  p90_seconds       real,
  most_buzzes       smallint    NOT NULL,
  latency_p50_seconds real,
  latency_p95_seconds real,
  -- Queues, prompts by what became of them, zones that were not seen, equal treatment: as in the report.
  more              jsonb       NOT NULL,
  version           text        NOT NULL,
  PRIMARY KEY (branch, day)
) PARTITION BY RANGE (day);

-- The last word of each box on how it is.
CREATE TABLE fleet_kept.states (
  branch            text        PRIMARY KEY,
  at                timestamptz NOT NULL,
  heard             timestamptz NOT NULL DEFAULT now(),
  state             text        NOT NULL,
  cameras           jsonb       NOT NULL,
  troubles          text[]      NOT NULL,
  nobody_on_duty    boolean     NOT NULL,
  latency_p50_seconds real,
  latency_p95_seconds real,
  privacy           text,
  version           text        NOT NULL
);

-- How many messages came, by day and by what became of them: taken, known, or why they were refused.
CREATE TABLE fleet_kept.messages (
  day               date        NOT NULL,
  outcome           text        NOT NULL,
  messages          bigint      NOT NULL,
  PRIMARY KEY (day, outcome)
);

-- A month is a table of its own: it is made when the first message of it comes, and dropped whole.
CREATE FUNCTION fleet_kept.make_month(whole text, of_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', of_day)::date;
  next  date := (date_trunc('month', of_day) + interval '1 month')::date;
  part  text := whole || to_char(of_day, '_YYYY_MM');
  edge  text := CASE whole WHEN 'hours' THEN ' 00:00:00+00' ELSE '' END;
BEGIN
  IF to_regclass(format('fleet_kept.%I', part)) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('lobby fleet months'));
  EXECUTE format('CREATE TABLE IF NOT EXISTS fleet_kept.%I PARTITION OF fleet_kept.%I FOR VALUES FROM (%L) TO (%L)',
    part, whole, first || edge, next || edge);
END $$;

CREATE FUNCTION fleet_kept.forget_before(first_day date) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE part text;
BEGIN
  FOR part IN
    SELECT child.relname FROM pg_inherits
      JOIN pg_class child ON child.oid = inhrelid
      JOIN pg_class whole ON whole.oid = inhparent
      JOIN pg_namespace space ON space.oid = whole.relnamespace
    WHERE space.nspname = 'fleet_kept' AND whole.relname IN ('hours', 'days')
      AND to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' <= first_day
    ORDER BY child.relname
  LOOP
    EXECUTE format('DROP TABLE fleet_kept.%I', part);
    RETURN NEXT part;
  END LOOP;
  DELETE FROM fleet_kept.messages WHERE day < first_day;
  DELETE FROM fleet_kept.states WHERE heard < first_day;
END $$;
