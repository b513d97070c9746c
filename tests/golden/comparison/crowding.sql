SELECT
  COALESCE(SUM(CAST("t4"."greenai:rows" AS DOUBLE) * (
    "t4"."greenai:rows" - 1
  )), 0.0) AS "pairs"
FROM (
  SELECT
    *
  FROM (
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
  ) AS "t3"
  WHERE
    "t3"."greenai:rows" > 1
) AS "t4"
