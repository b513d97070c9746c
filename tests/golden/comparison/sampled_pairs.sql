SELECT
  COUNT(*) AS "pairs",
  COALESCE(
    SUM(CAST("t10"."a:greenai:fingerprint" <> "t10"."b:greenai:fingerprint" AS INT)),
    0
  ) AS "different"
FROM (
  SELECT
    "t8"."a:book",
    "t8"."a:id",
    "t8"."a:greenai:fingerprint",
    "t9"."b:book",
    "t9"."b:id",
    "t9"."b:greenai:fingerprint"
  FROM (
    SELECT
      "t4"."book" AS "a:book",
      "t4"."id" AS "a:id",
      "t4"."greenai:fingerprint" AS "a:greenai:fingerprint"
    FROM (
      SELECT
        "t2"."book",
        "t2"."id",
        HASH("t2"."amount", "t2"."raw:amount", "t2"."name") AS "greenai:fingerprint"
      FROM (
        SELECT
          *
        FROM "a" AS "t0"
        LIMIT 50000
      ) AS "t2"
    ) AS "t4"
  ) AS "t8"
  INNER JOIN (
    SELECT
      "t5"."book" AS "b:book",
      "t5"."id" AS "b:id",
      "t5"."greenai:fingerprint" AS "b:greenai:fingerprint"
    FROM (
      SELECT
        "t3"."book",
        "t3"."id",
        HASH("t3"."amount", "t3"."raw:amount", "t3"."name") AS "greenai:fingerprint"
      FROM (
        SELECT
          *
        FROM "b" AS "t1"
        LIMIT 50000
      ) AS "t3"
    ) AS "t5"
  ) AS "t9"
    ON "t8"."a:book" = "t9"."b:book" AND "t8"."a:id" = "t9"."b:id"
) AS "t10"
