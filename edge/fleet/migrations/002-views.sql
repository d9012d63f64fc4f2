-- What is told: people and dashboards read this schema alone. No count of one to four is in it, nor a sum of that size.
CREATE SCHEMA fleet;

-- A sum as it may be told. `few` parts of it were each one to four: then it is no number but a stretch.
--   (37, 0) ▶ 37     (3, 0) ▶ < 5     (37, 1) ▶ 38–41     (0, 1) ▶ < 5     (0, 2) ▶ < 9
CREATE FUNCTION fleet.told(known bigint, few bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
  SELECT CASE
    WHEN known = 0 AND few = 0 THEN '0'
    WHEN known + few < 5 THEN '< ' || greatest(5, known + 4 * few + 1)
    WHEN few = 0 THEN known::text
    ELSE (known + few) || '–' || (known + 4 * few)
  END
$$;

-- A share of at least 30, to a thousandth. One to four are taken for two and a half: left out, they would flatter.
CREATE FUNCTION fleet.share(part numeric, whole bigint) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$
  SELECT CASE WHEN whole >= 30 THEN round(part::numeric / whole, 3) END
$$;

CREATE VIEW fleet.hours AS
SELECT branch, hour, wall::date AS day, extract(hour FROM wall)::int AS hour_of_day,
  open_minutes, recorded_minutes, greatest(0, open_minutes - recorded_minutes) AS off_minutes,
  blind_seconds, target_seconds,
  fleet.told(coalesce(came, 0), (came IS NULL)::int) AS came,
  fleet.told(coalesce(in_time, 0), (in_time IS NULL)::int) AS in_time,
  fleet.told(coalesce(never_met, 0), (never_met IS NULL)::int) AS never_met,
  fleet.share(in_time, came) AS share_in_time,
  median_seconds, p90_seconds,
  fleet.told(coalesce(waits, 0), (waits IS NULL)::int) AS waits,
  wait_median_seconds, wait_p90_seconds,
  fleet.told(coalesce(prompts, 0), (prompts IS NULL)::int) AS prompts,
  fleet.told(coalesce(buzzes, 0), (buzzes IS NULL)::int) AS buzzes,
  most_buzzes, latency_p50_seconds, latency_p95_seconds, version, at, heard
FROM fleet_kept.hours;

CREATE VIEW fleet.days AS
SELECT branch, day, target_seconds,
  fleet.told(coalesce(came, 0), (came IS NULL)::int) AS came,
  fleet.told(coalesce(in_time, 0), (in_time IS NULL)::int) AS in_time,
  fleet.told(coalesce(never_met, 0), (never_met IS NULL)::int) AS never_met,
  fleet.share(in_time, came) AS share_in_time,
  median_seconds, p90_seconds, most_buzzes, latency_p50_seconds, latency_p95_seconds,
  more -> 'queues' AS queues, more -> 'prompts' AS prompts, more -> 'unseen' AS unseen, more -> 'equal' AS equal,
  version, at, heard
FROM fleet_kept.days;

-- Each branch as it is now. One of which nothing was heard for a quarter of an hour is silent, whatever it said last.
CREATE VIEW fleet.branches AS
SELECT branch, coalesce(CASE WHEN s.heard < now() - interval '15 minutes' THEN 'silent' ELSE s.state END, 'silent') AS state,
  greatest(s.heard, h.heard, d.heard) AS heard,
  coalesce((s.cameras ->> 'live')::int, 0) AS cameras_live,
  coalesce((SELECT sum(value::int) FROM jsonb_each_text(s.cameras)), 0)::int AS cameras,
  coalesce(s.troubles, '{}') AS troubles, coalesce(s.nobody_on_duty, false) AS nobody_on_duty,
  s.latency_p50_seconds, s.latency_p95_seconds, s.privacy, coalesce(s.version, h.version, d.version) AS version
FROM fleet_kept.states s
FULL JOIN (SELECT DISTINCT ON (branch) branch, heard, version FROM fleet_kept.hours
  WHERE hour > now() - interval '32 days' ORDER BY branch, hour DESC) h USING (branch)
FULL JOIN (SELECT DISTINCT ON (branch) branch, heard, version FROM fleet_kept.days
  WHERE day > current_date - 32 ORDER BY branch, day DESC) d USING (branch);

-- Sums of a branch over days, both counted: who came is of the days' reports, what was seen of the hours.
CREATE FUNCTION fleet.sums(first_day date, last_day date) RETURNS TABLE (
  branch text, days int, came text, share_in_time numeric, never_met text, share_never_met numeric,
  hours int, waits text, wait_p90_seconds real, blind_hours numeric, off_hours numeric,
  buzzes text, most_buzzes int, latency_p95_seconds real, version text
) STABLE SECURITY DEFINER SET search_path = pg_catalog LANGUAGE sql AS $$
  WITH d AS (
    SELECT branch, count(*)::int AS days,
      fleet.told(coalesce(sum(came), 0), count(*) FILTER (WHERE came IS NULL)) AS came,
      fleet.share(sum(coalesce(in_time, 2.5)) FILTER (WHERE came IS NOT NULL), sum(came)) AS share_in_time,
      fleet.told(coalesce(sum(never_met), 0), count(*) FILTER (WHERE never_met IS NULL)) AS never_met,
      fleet.share(sum(coalesce(never_met, 2.5)) FILTER (WHERE came IS NOT NULL), sum(came)) AS share_never_met,
      max(most_buzzes)::int AS most_buzzes,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY latency_p95_seconds) AS latency_p95_seconds,
      (array_agg(version ORDER BY day DESC))[1] AS version
    FROM fleet_kept.days WHERE day BETWEEN first_day AND last_day GROUP BY branch),
  h AS (
    SELECT branch, count(*)::int AS hours,
      fleet.told(coalesce(sum(waits), 0), count(*) FILTER (WHERE waits IS NULL)) AS waits,
      max(wait_p90_seconds) AS wait_p90_seconds,
      round(sum(blind_seconds) / 3600.0, 1) AS blind_hours,
      round(sum(greatest(0, open_minutes - recorded_minutes)) / 60.0, 1) AS off_hours,
      fleet.told(coalesce(sum(buzzes), 0), count(*) FILTER (WHERE buzzes IS NULL)) AS buzzes,
      max(most_buzzes)::int AS most_buzzes,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY latency_p95_seconds) AS latency_p95_seconds,
      (array_agg(version ORDER BY hour DESC))[1] AS version
    FROM fleet_kept.hours
    -- A day more on both sides, so that months that cannot have it are not read.
    WHERE hour >= first_day - 1 AND hour < last_day + 2
      AND wall::date BETWEEN first_day AND last_day
    GROUP BY branch)
  SELECT branch, coalesce(d.days, 0), coalesce(d.came, '0'), d.share_in_time, coalesce(d.never_met, '0'), d.share_never_met,
    coalesce(h.hours, 0), coalesce(h.waits, '0'), h.wait_p90_seconds, coalesce(h.blind_hours, 0), coalesce(h.off_hours, 0),
    coalesce(h.buzzes, '0'), greatest(d.most_buzzes, h.most_buzzes),
    coalesce(d.latency_p95_seconds, h.latency_p95_seconds), coalesce(h.version, d.version)
  FROM d FULL JOIN h USING (branch)
$$;

-- The same of all branches together.
CREATE FUNCTION fleet.total(first_day date, last_day date) RETURNS TABLE (
  branches int, came text, share_in_time numeric, never_met text, share_never_met numeric
) STABLE SECURITY DEFINER SET search_path = pg_catalog LANGUAGE sql AS $$
  SELECT count(DISTINCT branch)::int,
    fleet.told(coalesce(sum(came), 0), count(*) FILTER (WHERE came IS NULL)),
    fleet.share(sum(coalesce(in_time, 2.5)) FILTER (WHERE came IS NOT NULL), sum(came)),
    fleet.told(coalesce(sum(never_met), 0), count(*) FILTER (WHERE never_met IS NULL)),
    fleet.share(sum(coalesce(never_met, 2.5)) FILTER (WHERE came IS NOT NULL), sum(came))
  FROM fleet_kept.days WHERE day BETWEEN first_day AND last_day
$$;

-- Sums of each branch by the hour of the day, by its own clock.
CREATE FUNCTION fleet.sums_by_hour(first_day date, last_day date) RETURNS TABLE (
  branch text, hour_of_day int, came text, share_in_time numeric, never_met text, waits text, wait_p90_seconds real,
  blind_hours numeric, buzzes text
) STABLE SECURITY DEFINER SET search_path = pg_catalog LANGUAGE sql AS $$
  SELECT branch, extract(hour FROM wall)::int,
    fleet.told(coalesce(sum(came), 0), count(*) FILTER (WHERE came IS NULL)),
    fleet.share(sum(coalesce(in_time, 2.5)) FILTER (WHERE came IS NOT NULL), sum(came)),
    fleet.told(coalesce(sum(never_met), 0), count(*) FILTER (WHERE never_met IS NULL)),
    fleet.told(coalesce(sum(waits), 0), count(*) FILTER (WHERE waits IS NULL)),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY wait_p90_seconds),
    round(sum(blind_seconds) / 3600.0, 1),
    fleet.told(coalesce(sum(buzzes), 0), count(*) FILTER (WHERE buzzes IS NULL))
  FROM fleet_kept.hours
  WHERE hour >= first_day - 1 AND hour < last_day + 2
    AND wall::date BETWEEN first_day AND last_day
  GROUP BY 1, 2
$$;

CREATE VIEW fleet.messages AS SELECT day, outcome, messages FROM fleet_kept.messages;
