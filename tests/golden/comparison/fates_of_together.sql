SELECT
  "t1"."status",
  "t1"."key:book",
  "t1"."key:id",
  COUNT(*) AS "copies"
FROM (
  SELECT
    "t0"."status",
    CASE WHEN "t0"."status" = 3 THEN NULL ELSE "t0"."key:book" END AS "key:book",
    CASE WHEN "t0"."status" = 3 THEN NULL ELSE "t0"."key:id" END AS "key:id"
  FROM "kept" AS "t0"
) AS "t1"
GROUP BY
  1,
  2,
  3
