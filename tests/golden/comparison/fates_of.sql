SELECT
  "t0"."status",
  "t0"."key:book",
  "t0"."key:id",
  COUNT(*) AS "copies"
FROM "kept" AS "t0"
GROUP BY
  1,
  2,
  3
