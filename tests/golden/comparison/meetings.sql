SELECT
  COALESCE(SUM(CAST("t5"."greenai:left:greenai:rows" AS DOUBLE) * "t5"."greenai:rows"), 0.0) AS "pairs"
FROM (
  SELECT
    "t4"."greenai:left:book",
    "t4"."greenai:left:id",
    "t4"."greenai:left:greenai:rows",
    "t2"."book",
    "t2"."id",
    "t2"."greenai:rows"
  FROM (
    SELECT
      "t0"."book" AS "greenai:left:book",
      "t0"."id" AS "greenai:left:id",
      "t0"."greenai:rows" AS "greenai:left:greenai:rows"
    FROM "sampled_a" AS "t0"
  ) AS "t4"
  INNER JOIN "sampled_b" AS "t2"
    ON "t4"."greenai:left:book" = "t2"."book" AND "t4"."greenai:left:id" = "t2"."id"
) AS "t5"
