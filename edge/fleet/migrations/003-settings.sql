-- What each branch goes by, as it last said it. Of a bundle's values it tells which it has set itself, not what they are.
CREATE TABLE fleet_kept.settings (
  branch            text        PRIMARY KEY,
  at                timestamptz NOT NULL,
  heard             timestamptz NOT NULL DEFAULT now(),
  branch_group      text        NOT NULL,
  -- The last order it took; null, as the next: none.
  bundle            text,
  serial            bigint,
  n                 integer,
  state             text,
  since             timestamptz,
  in_force          text,
  in_force_serial   bigint,
  own               text[]      NOT NULL,
  -- In shadow. A count of one to four left no branch: where one is null beside the other, it was one of those.
  is_tried          boolean     NOT NULL,
  would_have_buzzed integer,
  live_buzzed       integer,
  not_tried         text,
  refused           jsonb       NOT NULL,
  version           text        NOT NULL
);
CREATE INDEX settings_by_group ON fleet_kept.settings (branch_group);

-- A bundle on its way to the branches of its groups.
CREATE TABLE fleet_kept.rollouts (
  bundle            text        PRIMARY KEY,
  serial            bigint      NOT NULL UNIQUE,
  groups            text[]      NOT NULL,
  why               text        NOT NULL,
  -- As the installer's key signed it, and the SHA-256 of what was signed.
  signed            jsonb       NOT NULL,
  digest            text        NOT NULL,
  step_key          text        NOT NULL,
  expires           timestamptz NOT NULL,
  plan              jsonb       NOT NULL,
  state             jsonb       NOT NULL,
  -- What was found when it was last looked at, also where nothing came of it.
  judged            timestamptz,
  judgement         jsonb
);

-- What was decided of it, by whom, and by which figures.
CREATE TABLE fleet_kept.rollout_history (
  bundle            text        NOT NULL REFERENCES fleet_kept.rollouts,
  nth               integer     NOT NULL,
  at                timestamptz NOT NULL,
  what              text        NOT NULL,
  step              text        NOT NULL,
  by_whom           text        NOT NULL,
  why               text        NOT NULL,
  figures           jsonb       NOT NULL,
  PRIMARY KEY (bundle, nth)
);

-- What each branch was last told. It is here before it is said: whoever says it again says the same.
CREATE TABLE fleet_kept.orders (
  branch            text        PRIMARY KEY,
  bundle            text        NOT NULL REFERENCES fleet_kept.rollouts,
  serial            bigint      NOT NULL,
  n                 integer     NOT NULL,
  state             text        NOT NULL,
  at                timestamptz NOT NULL,
  step              jsonb       NOT NULL,
  -- When the cluster last took it, and how often; null: not yet.
  said              timestamptz,
  times             integer     NOT NULL DEFAULT 0
);
CREATE INDEX orders_by_bundle ON fleet_kept.orders (bundle);

CREATE OR REPLACE FUNCTION fleet_kept.forget_before(first_day date) RETURNS SETOF text LANGUAGE plpgsql AS $$
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
  DELETE FROM fleet_kept.settings WHERE heard < first_day;
END $$;

-- Each branch: what it was told, what it said it took, and what of it holds. `is_taken`: it has said so.
CREATE VIEW fleet.settings AS
SELECT coalesce(s.branch, o.branch) AS branch, s.branch_group,
  o.bundle AS told, o.state AS told_state, o.n AS told_n, o.said AS told_at,
  coalesce(s.serial = o.serial AND s.n >= o.n, false) AS is_taken,
  s.bundle AS took, s.state AS took_state, s.n AS took_n, s.since,
  s.in_force, coalesce(s.own, '{}') AS own,
  CASE WHEN s.is_tried THEN fleet.told(coalesce(s.would_have_buzzed, 0), (s.would_have_buzzed IS NULL)::int) END
    AS would_have_buzzed,
  CASE WHEN s.is_tried THEN fleet.told(coalesce(s.live_buzzed, 0), (s.live_buzzed IS NULL)::int) END AS live_buzzed,
  s.not_tried,
  coalesce((SELECT sum(value::bigint) FROM jsonb_each_text(s.refused)), 0)::bigint AS refused,
  (SELECT string_agg(key || ' ' || value, ', ' ORDER BY key) FROM jsonb_each_text(s.refused)) AS refused_why,
  s.version, s.at, s.heard
FROM fleet_kept.settings s FULL JOIN fleet_kept.orders o USING (branch);

-- Each bundle: how far it has come, and why no further.
CREATE VIEW fleet.rollouts AS
SELECT r.bundle, r.serial, r.groups, r.why, r.state ->> 'phase' AS phase,
  CASE WHEN (r.state ->> 'step')::int = 0 THEN 'shadow'
    ELSE trim_scale(round(100 * (r.plan -> 'shares' ->> ((r.state ->> 'step')::int - 1))::numeric, 1)) || ' %' END AS step,
  to_timestamp((r.state ->> 'since')::double precision) AS since, r.expires,
  count(o.branch) FILTER (WHERE o.state = 'shadow') AS shadow,
  count(o.branch) FILTER (WHERE o.state = 'live') AS live,
  count(o.branch) FILTER (WHERE o.state = 'undone') AS undone,
  count(o.branch) FILTER (WHERE s.serial = o.serial AND s.n >= o.n) AS taken,
  r.judged, r.judgement ->> 'why' AS judgement
FROM fleet_kept.rollouts r
LEFT JOIN fleet_kept.orders o USING (bundle)
LEFT JOIN fleet_kept.settings s ON s.branch = o.branch
GROUP BY r.bundle;

CREATE VIEW fleet.rollout_history AS
SELECT bundle, nth, at, what, step, by_whom, why, figures FROM fleet_kept.rollout_history;
