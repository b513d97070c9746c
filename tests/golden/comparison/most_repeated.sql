SELECT
  COALESCE(MAX("t0"."greenai:rows"), 0) AS "most"
FROM "sampled_a" AS "t0"
