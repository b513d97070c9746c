SELECT
  COUNT(*) AS "pairs"
FROM (
  SELECT
    "t4"."book",
    "t4"."id",
    "t4"."greenai:fingerprint",
    "t4"."greenai:copy"
  FROM (
    SELECT
      "t0"."book",
      "t0"."id",
      "t0"."greenai:fingerprint",
      "t0"."greenai:copy"
    FROM "copies_a" AS "t0"
  ) AS "t4"
  INNER JOIN (
    SELECT
      "t1"."book",
      "t1"."id",
      "t1"."greenai:fingerprint",
      "t1"."greenai:copy"
    FROM "copies_b" AS "t1"
  ) AS "t5"
    ON "t4"."book" = "t5"."book"
    AND "t4"."id" = "t5"."id"
    AND "t4"."greenai:fingerprint" = "t5"."greenai:fingerprint"
    AND "t4"."greenai:copy" = "t5"."greenai:copy"
) AS "t6"
