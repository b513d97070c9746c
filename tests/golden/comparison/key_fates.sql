SELECT
  "t8"."status",
  "t8"."key:book",
  "t8"."key:id",
  COUNT(*) AS "copies"
FROM (
  SELECT
    CASE
      WHEN "t7"."b:book" IS NULL
      THEN 1
      WHEN "t6"."a:book" IS NULL
      THEN 2
      WHEN "t6"."a:greenai:fingerprint" = "t7"."b:greenai:fingerprint"
      THEN 0
      ELSE 3
    END AS "status",
    CASE
      WHEN CASE
        WHEN "t7"."b:book" IS NULL
        THEN 1
        WHEN "t6"."a:book" IS NULL
        THEN 2
        WHEN "t6"."a:greenai:fingerprint" = "t7"."b:greenai:fingerprint"
        THEN 0
        ELSE 3
      END = 0
      THEN NULL
      ELSE COALESCE("t6"."a:book", "t7"."b:book")
    END AS "key:book",
    CASE
      WHEN CASE
        WHEN "t7"."b:book" IS NULL
        THEN 1
        WHEN "t6"."a:book" IS NULL
        THEN 2
        WHEN "t6"."a:greenai:fingerprint" = "t7"."b:greenai:fingerprint"
        THEN 0
        ELSE 3
      END = 0
      THEN NULL
      ELSE COALESCE("t6"."a:id", "t7"."b:id")
    END AS "key:id"
  FROM (
    SELECT
      "t2"."book" AS "a:book",
      "t2"."id" AS "a:id",
      "t2"."greenai:fingerprint" AS "a:greenai:fingerprint"
    FROM (
      SELECT
        "t0"."book",
        "t0"."id",
        HASH("t0"."amount", "t0"."raw:amount", "t0"."name") AS "greenai:fingerprint"
      FROM "a" AS "t0"
    ) AS "t2"
  ) AS "t6"
  FULL OUTER JOIN (
    SELECT
      "t3"."book" AS "b:book",
      "t3"."id" AS "b:id",
      "t3"."greenai:fingerprint" AS "b:greenai:fingerprint"
    FROM (
      SELECT
        "t1"."book",
        "t1"."id",
        HASH("t1"."amount", "t1"."raw:amount", "t1"."name") AS "greenai:fingerprint"
      FROM "b" AS "t1"
    ) AS "t3"
  ) AS "t7"
    ON "t6"."a:book" = "t7"."b:book" AND "t6"."a:id" = "t7"."b:id"
) AS "t8"
GROUP BY
  1,
  2,
  3
