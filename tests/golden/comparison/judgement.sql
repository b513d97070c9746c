SELECT
  COUNT(*) AS "pairs",
  COALESCE(SUM(CAST("t1"."different:amount" OR "t1"."different:name" AS INT)), 0) AS "different",
  COALESCE(SUM(CAST("t1"."different:amount" AS INT)), 0) AS "different:amount",
  COALESCE(SUM(CAST("t1"."within:amount" AS INT)), 0) AS "within:amount",
  COALESCE(SUM(CAST("t1"."different:name" AS INT)), 0) AS "different:name",
  COALESCE(SUM(CAST("t1"."within:name" AS INT)), 0) AS "within:name"
FROM (
  SELECT
    NOT (
      "t0"."a:amount" IS NOT DISTINCT FROM "t0"."b:amount"
      AND "t0"."a:raw:amount" IS NOT DISTINCT FROM "t0"."b:raw:amount"
    )
    AND NOT (
      COALESCE(
        NOT (
          "t0"."a:amount" IS NOT DISTINCT FROM "t0"."b:amount"
          AND "t0"."a:raw:amount" IS NOT DISTINCT FROM "t0"."b:raw:amount"
        )
        AND (
          (
            "t0"."a:raw:amount" IS NULL
          ) AND (
            "t0"."b:raw:amount" IS NULL
          )
        )
        AND (
          (
            ABS(
              CAST("t0"."a:amount" AS DECIMAL(19, 2)) - CAST("t0"."b:amount" AS DECIMAL(19, 2))
            ) <= CAST(0.01 AS DECIMAL(19, 2))
          )
          OR (
            CAST(ABS(
              CAST("t0"."a:amount" AS DECIMAL(19, 2)) - CAST("t0"."b:amount" AS DECIMAL(19, 2))
            ) AS DECIMAL(38, 5)) <= MULTIPLY(
              CAST(GREATEST(
                ABS(CAST("t0"."a:amount" AS DECIMAL(19, 2))),
                ABS(CAST("t0"."b:amount" AS DECIMAL(19, 2)))
              ) AS DECIMAL(35, 2)),
              CAST(0.001 AS DECIMAL(3, 3))
            )
          )
        ),
        FALSE
      )
    ) AS "different:amount",
    COALESCE(
      NOT (
        "t0"."a:amount" IS NOT DISTINCT FROM "t0"."b:amount"
        AND "t0"."a:raw:amount" IS NOT DISTINCT FROM "t0"."b:raw:amount"
      )
      AND (
        (
          "t0"."a:raw:amount" IS NULL
        ) AND (
          "t0"."b:raw:amount" IS NULL
        )
      )
      AND (
        (
          ABS(
            CAST("t0"."a:amount" AS DECIMAL(19, 2)) - CAST("t0"."b:amount" AS DECIMAL(19, 2))
          ) <= CAST(0.01 AS DECIMAL(19, 2))
        )
        OR (
          CAST(ABS(
            CAST("t0"."a:amount" AS DECIMAL(19, 2)) - CAST("t0"."b:amount" AS DECIMAL(19, 2))
          ) AS DECIMAL(38, 5)) <= MULTIPLY(
            CAST(GREATEST(
              ABS(CAST("t0"."a:amount" AS DECIMAL(19, 2))),
              ABS(CAST("t0"."b:amount" AS DECIMAL(19, 2)))
            ) AS DECIMAL(35, 2)),
            CAST(0.001 AS DECIMAL(3, 3))
          )
        )
      ),
      FALSE
    ) AS "within:amount",
    NOT (
      "t0"."a:name" IS NOT DISTINCT FROM "t0"."b:name"
    )
    AND NOT (
      COALESCE(
        NOT (
          "t0"."a:name" IS NOT DISTINCT FROM "t0"."b:name"
        )
        AND TRUE
        AND (
          LOWER("t0"."a:name") = LOWER("t0"."b:name")
        ),
        FALSE
      )
    ) AS "different:name",
    COALESCE(
      NOT (
        "t0"."a:name" IS NOT DISTINCT FROM "t0"."b:name"
      )
      AND TRUE
      AND (
        LOWER("t0"."a:name") = LOWER("t0"."b:name")
      ),
      FALSE
    ) AS "within:name"
  FROM "pairs" AS "t0"
) AS "t1"
