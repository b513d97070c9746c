SELECT
  COALESCE(SUM(CAST(HASH("t0"."book", "t0"."id") AS DECIMAL(38, 0))), 0) AS "total"
FROM "a" AS "t0"
