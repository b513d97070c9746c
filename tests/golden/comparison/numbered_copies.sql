SELECT
  "t1"."book",
  "t1"."id",
  "t1"."amount",
  "t1"."name",
  "t1"."raw:amount",
  "t1"."context:desk",
  "t1"."greenai:fingerprint",
  ROW_NUMBER() OVER (
    PARTITION BY "t1"."book", "t1"."id", "t1"."greenai:fingerprint"
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  ) - 1 AS "greenai:copy"
FROM (
  SELECT
    "t0"."book",
    "t0"."id",
    "t0"."amount",
    "t0"."name",
    "t0"."raw:amount",
    "t0"."context:desk",
    HASH("t0"."amount", "t0"."raw:amount", "t0"."name") AS "greenai:fingerprint"
  FROM "a" AS "t0"
) AS "t1"
