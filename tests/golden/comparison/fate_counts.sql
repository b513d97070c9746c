SELECT
  COALESCE(SUM("t0"."copies") FILTER(WHERE
    "t0"."status" = 0), 0) AS "equal",
  COALESCE(SUM("t0"."copies") FILTER(WHERE
    "t0"."status" = 3), 0) AS "different",
  COALESCE(SUM("t0"."copies") FILTER(WHERE
    "t0"."status" = 1), 0) AS "only_a",
  COALESCE(SUM("t0"."copies") FILTER(WHERE
    "t0"."status" = 2), 0) AS "only_b",
  COALESCE(MAX("t0"."copies") FILTER(WHERE
    NOT "t0"."key:book" IS NULL), 0) AS "most_copies"
FROM "fates" AS "t0"
