SELECT
  "t2"."book",
  "t2"."id",
  COUNT(*) AS "greenai:rows"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."book",
      "t0"."id"
    FROM "a" AS "t0"
  ) AS "t1" TABLESAMPLE BERNOULLI (1.0 PERCENT)
) AS "t2"
GROUP BY
  1,
  2
