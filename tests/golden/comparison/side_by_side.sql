SELECT
  "t3"."book" AS "key:book",
  "t3"."id" AS "key:id",
  "t3"."amount" AS "a:amount",
  "t3"."raw:amount" AS "a:raw:amount",
  "t3"."name" AS "a:name",
  "t3"."context:desk" AS "a:context:desk",
  "t7"."b:amount",
  "t7"."b:raw:amount",
  "t7"."b:name"
FROM "a" AS "t3"
SEMI JOIN "keys" AS "t4"
  ON "t3"."book" = "t4"."key:book" AND "t3"."id" = "t4"."key:id"
INNER JOIN (
  SELECT
    "t5"."book" AS "key:book",
    "t5"."id" AS "key:id",
    "t5"."amount" AS "b:amount",
    "t5"."raw:amount" AS "b:raw:amount",
    "t5"."name" AS "b:name"
  FROM "b" AS "t5"
  SEMI JOIN "keys" AS "t4"
    ON "t5"."book" = "t4"."key:book" AND "t5"."id" = "t4"."key:id"
) AS "t7"
  ON "t3"."book" = "t7"."key:book" AND "t3"."id" = "t7"."key:id"
