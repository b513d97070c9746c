SELECT
  MD5(
    CAST(JSON_ARRAY("t2"."key:book", CAST("t2"."key:id" AS TEXT)) AS TEXT) || '|value|amount|' || '0'
  ) AS "break_id",
  CAST(JSON_ARRAY("t2"."key:book", CAST("t2"."key:id" AS TEXT)) AS TEXT) AS "key",
  'amount' AS "field",
  'value' AS "kind",
  COALESCE("t2"."a:raw:amount", CAST("t2"."a:amount" AS TEXT)) AS "value_a",
  COALESCE("t2"."b:raw:amount", CAST("t2"."b:amount" AS TEXT)) AS "value_b",
  CASE
    WHEN NOT "t2"."a:raw:amount" IS NULL
    THEN 'decimal(18,2)'
    ELSE CAST(NULL AS TEXT)
  END AS "invalid_a",
  CASE
    WHEN NOT "t2"."b:raw:amount" IS NULL
    THEN 'decimal(18,2)'
    ELSE CAST(NULL AS TEXT)
  END AS "invalid_b"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."key:book",
      "t0"."key:id",
      "t0"."a:amount",
      "t0"."a:raw:amount",
      "t0"."b:amount",
      "t0"."b:raw:amount"
    FROM "pairs" AS "t0"
  ) AS "t1"
  WHERE
    NOT (
      "t1"."a:amount" IS NOT DISTINCT FROM "t1"."b:amount"
      AND "t1"."a:raw:amount" IS NOT DISTINCT FROM "t1"."b:raw:amount"
    )
    AND NOT (
      COALESCE(
        NOT (
          "t1"."a:amount" IS NOT DISTINCT FROM "t1"."b:amount"
          AND "t1"."a:raw:amount" IS NOT DISTINCT FROM "t1"."b:raw:amount"
        )
        AND (
          (
            "t1"."a:raw:amount" IS NULL
          ) AND (
            "t1"."b:raw:amount" IS NULL
          )
        )
        AND (
          (
            ABS(
              CAST("t1"."a:amount" AS DECIMAL(19, 2)) - CAST("t1"."b:amount" AS DECIMAL(19, 2))
            ) <= CAST(0.01 AS DECIMAL(19, 2))
          )
          OR (
            CAST(ABS(
              CAST("t1"."a:amount" AS DECIMAL(19, 2)) - CAST("t1"."b:amount" AS DECIMAL(19, 2))
            ) AS DECIMAL(38, 5)) <= MULTIPLY(
              CAST(GREATEST(
                ABS(CAST("t1"."a:amount" AS DECIMAL(19, 2))),
                ABS(CAST("t1"."b:amount" AS DECIMAL(19, 2)))
              ) AS DECIMAL(35, 2)),
              CAST(0.001 AS DECIMAL(3, 3))
            )
          )
        ),
        FALSE
      )
    )
) AS "t2"
