SELECT
  COUNT(*) AS "pairs"
FROM (
  SELECT
    "t2"."book",
    "t2"."id",
    "t2"."amount",
    "t2"."name",
    "t2"."raw:amount",
    "t2"."context:desk",
    "t2"."fingerprint",
    "t2"."copy",
    "t3"."amount" AS "amount_right",
    "t3"."name" AS "name_right",
    "t3"."raw:amount" AS "raw:amount_right"
  FROM "copies_a" AS "t2"
  INNER JOIN "copies_b" AS "t3"
    ON "t2"."book" = "t3"."book"
    AND "t2"."id" = "t3"."id"
    AND "t2"."fingerprint" = "t3"."fingerprint"
    AND "t2"."copy" = "t3"."copy"
) AS "t4"
