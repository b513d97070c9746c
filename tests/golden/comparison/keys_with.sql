SELECT
  "t0"."key:book",
  "t0"."key:id"
FROM "fates" AS "t0"
WHERE
  "t0"."status" IN (1)
