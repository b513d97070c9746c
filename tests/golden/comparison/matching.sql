SELECT
  "t2"."book",
  "t2"."id",
  "t2"."amount",
  "t2"."name",
  "t2"."raw:amount",
  "t2"."context:desk"
FROM "a" AS "t2"
SEMI JOIN "keys" AS "t3"
  ON "t2"."book" = "t3"."key:book" AND "t2"."id" = "t3"."key:id"
