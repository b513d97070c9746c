SELECT
  "t6".*
  EXCLUDE ("greenai:fingerprint")
FROM (
  SELECT
    "t5"."book",
    "t5"."id",
    "t5"."amount",
    "t5"."name",
    "t5"."raw:amount",
    "t5"."context:desk",
    "t5"."greenai:fingerprint",
    ROW_NUMBER() OVER (
      PARTITION BY "t5"."book", "t5"."id"
      ORDER BY HASH("t5"."amount", "t5"."name") ASC, "t5"."raw:amount" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) - 1 AS "greenai:ordinal"
  FROM (
    SELECT
      "t4".*
      EXCLUDE ("greenai:copy")
    FROM (
      SELECT
        "t2"."book",
        "t2"."id",
        "t2"."amount",
        "t2"."name",
        "t2"."raw:amount",
        "t2"."context:desk",
        "t2"."greenai:fingerprint",
        "t2"."greenai:copy"
      FROM "copies_a" AS "t2"
      ANTI JOIN "copies_b" AS "t3"
        ON "t2"."book" = "t3"."book"
        AND "t2"."id" = "t3"."id"
        AND "t2"."greenai:fingerprint" = "t3"."greenai:fingerprint"
        AND "t2"."greenai:copy" = "t3"."greenai:copy"
    ) AS "t4"
  ) AS "t5"
) AS "t6"
