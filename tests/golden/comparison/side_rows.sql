SELECT
  "t0"."book" AS "key:book",
  "t0"."id" AS "key:id",
  "t0"."amount" AS "a:amount",
  "t0"."raw:amount" AS "a:raw:amount",
  "t0"."name" AS "a:name",
  "t0"."context:desk" AS "a:context:desk"
FROM "a" AS "t0"
