SELECT
  COUNT(*) AS "pairs"
FROM (
  SELECT
    "t4"."book",
    "t4"."id"
  FROM (
    SELECT
      "t0"."book",
      "t0"."id"
    FROM "a" AS "t0"
  ) AS "t4"
  INNER JOIN (
    SELECT
      "t1"."book",
      "t1"."id"
    FROM "b" AS "t1"
  ) AS "t5"
    ON "t4"."book" = "t5"."book" AND "t4"."id" = "t5"."id"
) AS "t6"
