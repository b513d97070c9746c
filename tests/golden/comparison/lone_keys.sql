SELECT
  "t6"."key:book",
  "t6"."key:id"
FROM (
  SELECT
    "t2"."book" AS "key:book",
    "t2"."id" AS "key:id"
  FROM (
    SELECT
      "t0"."book",
      "t0"."id",
      COUNT(*) AS "greenai:rows"
    FROM "rest_a" AS "t0"
    GROUP BY
      1,
      2
  ) AS "t2"
  WHERE
    "t2"."greenai:rows" = 1
) AS "t6"
SEMI JOIN (
  SELECT
    "t3"."book" AS "key:book",
    "t3"."id" AS "key:id"
  FROM (
    SELECT
      "t1"."book",
      "t1"."id",
      COUNT(*) AS "greenai:rows"
    FROM "rest_b" AS "t1"
    GROUP BY
      1,
      2
  ) AS "t3"
  WHERE
    "t3"."greenai:rows" = 1
) AS "t7"
  ON "t6"."key:book" = "t7"."key:book" AND "t6"."key:id" = "t7"."key:id"
