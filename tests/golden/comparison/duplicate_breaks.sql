SELECT
  MD5(
    CAST(JSON_ARRAY("t0"."book", CAST("t0"."id" AS TEXT)) AS TEXT) || '|duplicate_a||' || CAST("t0"."greenai:ordinal" AS TEXT)
  ) AS "break_id",
  CAST(JSON_ARRAY("t0"."book", CAST("t0"."id" AS TEXT)) AS TEXT) AS "key",
  CAST(NULL AS TEXT) AS "field",
  'duplicate_a' AS "kind",
  CAST(NULL AS TEXT) AS "value_a",
  CAST(NULL AS TEXT) AS "value_b",
  CAST(NULL AS TEXT) AS "invalid_a",
  CAST(NULL AS TEXT) AS "invalid_b"
FROM "rest_a" AS "t0"
