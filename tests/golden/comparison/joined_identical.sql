SELECT
  COALESCE(SUM("t6"."n_a" * "t6"."n_b"), 0) AS "rows"
FROM (
  SELECT
    "t4"."book",
    "t4"."id",
    "t4"."fingerprint",
    "t4"."n_a",
    "t5"."n_b"
  FROM (
    SELECT
      "t0"."book",
      "t0"."id",
      "t0"."fingerprint",
      COUNT(*) AS "n_a"
    FROM "copies_a" AS "t0"
    GROUP BY
      1,
      2,
      3
  ) AS "t4"
  INNER JOIN (
    SELECT
      "t1"."book",
      "t1"."id",
      "t1"."fingerprint",
      COUNT(*) AS "n_b"
    FROM "copies_b" AS "t1"
    GROUP BY
      1,
      2,
      3
  ) AS "t5"
    ON "t4"."book" = "t5"."book"
    AND "t4"."id" = "t5"."id"
    AND "t4"."fingerprint" = "t5"."fingerprint"
) AS "t6"
