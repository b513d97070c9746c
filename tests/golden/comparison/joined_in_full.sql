SELECT
  CASE
    WHEN "t8"."b:book" IS NULL
    THEN 1
    WHEN "t8"."a:book" IS NULL
    THEN 2
    WHEN "t8"."a:greenai:fingerprint" = "t8"."b:greenai:fingerprint"
    THEN 0
    ELSE 3
  END AS "status",
  COALESCE("t8"."a:book", "t8"."b:book") AS "key:book",
  COALESCE("t8"."a:id", "t8"."b:id") AS "key:id",
  "t8"."a:amount",
  "t8"."a:name",
  "t8"."a:raw:amount",
  "t8"."a:context:desk",
  "t8"."b:amount",
  "t8"."b:name",
  "t8"."b:raw:amount"
FROM (
  SELECT
    "t6"."a:book",
    "t6"."a:id",
    "t6"."a:amount",
    "t6"."a:name",
    "t6"."a:raw:amount",
    "t6"."a:context:desk",
    "t6"."a:greenai:fingerprint",
    "t7"."b:book",
    "t7"."b:id",
    "t7"."b:amount",
    "t7"."b:name",
    "t7"."b:raw:amount",
    "t7"."b:greenai:fingerprint"
  FROM (
    SELECT
      "t2"."book" AS "a:book",
      "t2"."id" AS "a:id",
      "t2"."amount" AS "a:amount",
      "t2"."name" AS "a:name",
      "t2"."raw:amount" AS "a:raw:amount",
      "t2"."context:desk" AS "a:context:desk",
      "t2"."greenai:fingerprint" AS "a:greenai:fingerprint"
    FROM (
      SELECT
        "t0"."book",
        "t0"."id",
        "t0"."amount",
        "t0"."name",
        "t0"."raw:amount",
        "t0"."context:desk",
        HASH("t0"."amount", "t0"."raw:amount", "t0"."name") AS "greenai:fingerprint"
      FROM "a" AS "t0"
    ) AS "t2"
  ) AS "t6"
  FULL OUTER JOIN (
    SELECT
      "t3"."book" AS "b:book",
      "t3"."id" AS "b:id",
      "t3"."amount" AS "b:amount",
      "t3"."name" AS "b:name",
      "t3"."raw:amount" AS "b:raw:amount",
      "t3"."greenai:fingerprint" AS "b:greenai:fingerprint"
    FROM (
      SELECT
        "t1"."book",
        "t1"."id",
        "t1"."amount",
        "t1"."name",
        "t1"."raw:amount",
        HASH("t1"."amount", "t1"."raw:amount", "t1"."name") AS "greenai:fingerprint"
      FROM "b" AS "t1"
    ) AS "t3"
  ) AS "t7"
    ON "t6"."a:book" = "t7"."b:book" AND "t6"."a:id" = "t7"."b:id"
) AS "t8"
WHERE
  CASE
    WHEN "t8"."b:book" IS NULL
    THEN 1
    WHEN "t8"."a:book" IS NULL
    THEN 2
    WHEN "t8"."a:greenai:fingerprint" = "t8"."b:greenai:fingerprint"
    THEN 0
    ELSE 3
  END <> 0
