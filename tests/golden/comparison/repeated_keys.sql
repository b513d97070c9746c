SELECT
  *
FROM (
  SELECT
    "t4"."book" AS "key:book",
    "t4"."id" AS "key:id"
  FROM (
    SELECT
      "t2"."book",
      "t2"."id",
      COUNT(*) AS "greenai:rows"
    FROM (
      SELECT
        "t0"."book",
        "t0"."id"
      FROM "a" AS "t0"
    ) AS "t2"
    GROUP BY
      1,
      2
  ) AS "t4"
  WHERE
    "t4"."greenai:rows" > 1
) AS "t6"
UNION
SELECT
  *
FROM (
  SELECT
    "t5"."book" AS "key:book",
    "t5"."id" AS "key:id"
  FROM (
    SELECT
      "t3"."book",
      "t3"."id",
      COUNT(*) AS "greenai:rows"
    FROM (
      SELECT
        "t1"."book",
        "t1"."id"
      FROM "b" AS "t1"
    ) AS "t3"
    GROUP BY
      1,
      2
  ) AS "t5"
  WHERE
    "t5"."greenai:rows" > 1
) AS "t7"
