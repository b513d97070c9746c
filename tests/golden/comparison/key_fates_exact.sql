SELECT
  "t6"."status",
  "t6"."key:book",
  "t6"."key:id",
  COUNT(*) AS "copies"
FROM (
  SELECT
    CASE
      WHEN "t5"."b:book" IS NULL
      THEN 1
      WHEN "t4"."a:book" IS NULL
      THEN 2
      WHEN "t4"."a:greenai:fingerprint" = "t5"."b:greenai:fingerprint"
      THEN 0
      ELSE 3
    END AS "status",
    CASE
      WHEN CASE
        WHEN "t5"."b:book" IS NULL
        THEN 1
        WHEN "t4"."a:book" IS NULL
        THEN 2
        WHEN "t4"."a:greenai:fingerprint" = "t5"."b:greenai:fingerprint"
        THEN 0
        ELSE 3
      END = 0
      THEN NULL
      ELSE COALESCE("t4"."a:book", "t5"."b:book")
    END AS "key:book",
    CASE
      WHEN CASE
        WHEN "t5"."b:book" IS NULL
        THEN 1
        WHEN "t4"."a:book" IS NULL
        THEN 2
        WHEN "t4"."a:greenai:fingerprint" = "t5"."b:greenai:fingerprint"
        THEN 0
        ELSE 3
      END = 0
      THEN NULL
      ELSE COALESCE("t4"."a:id", "t5"."b:id")
    END AS "key:id"
  FROM (
    SELECT
      "t0"."book" AS "a:book",
      "t0"."id" AS "a:id",
      {'c0': "t0"."amount", 'c1': "t0"."name"} AS "a:greenai:fingerprint"
    FROM "a" AS "t0"
  ) AS "t4"
  FULL OUTER JOIN (
    SELECT
      "t1"."book" AS "b:book",
      "t1"."id" AS "b:id",
      {'c0': "t1"."amount", 'c1': "t1"."name"} AS "b:greenai:fingerprint"
    FROM "b" AS "t1"
  ) AS "t5"
    ON "t4"."a:book" = "t5"."b:book" AND "t4"."a:id" = "t5"."b:id"
) AS "t6"
GROUP BY
  1,
  2,
  3
