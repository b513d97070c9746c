SELECT
  "t2"."key:book",
  "t2"."key:id",
  "t2"."a:amount",
  "t2"."a:raw:amount",
  "t2"."a:name",
  "t2"."a:context:desk",
  "t4"."b:amount",
  "t4"."b:raw:amount",
  "t4"."b:name"
FROM "rows_a" AS "t2"
INNER JOIN (
  SELECT
    "t1"."book" AS "key:book",
    "t1"."id" AS "key:id",
    "t1"."amount" AS "b:amount",
    "t1"."raw:amount" AS "b:raw:amount",
    "t1"."name" AS "b:name"
  FROM "b" AS "t1"
) AS "t4"
  ON "t2"."key:book" = "t4"."key:book" AND "t2"."key:id" = "t4"."key:id"
