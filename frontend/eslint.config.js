import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// The rooms of src, lowest first: a room imports only rooms before it, and a feature never imports another feature.
const ORDER = ["lib", "texts", "api", "hotkeys", "ui", "features", "components", "app"];

const room = (name) => ({
  files: [`src/${name}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: ORDER.slice(ORDER.indexOf(name) + 1).flatMap((above) => [`@/${above}`, `@/${above}/**`]),
            message: `src/${name} stands below: see README.md, rooms.`,
          },
          { regex: "^\\.\\./\\.\\./", message: "Import other rooms as @/room/file." },
        ].filter((pattern) => pattern.regex !== undefined || pattern.group.length > 0),
      },
    ],
  },
});

const FEATURES = ["workstation", "checker", "runs", "recons", "dashboard", "administration", "session"];

const feature = (name) => ({
  files: [`src/features/${name}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: ["@/app", "@/app/**", "@/components/**"],
            message: "A feature does not know the application.",
          },
          {
            regex: `^@/features/(?!${name}(/|$)|session(/|$))`,
            message:
              "A feature does not import another feature (session excepted): share through @/ui or @/lib.",
          },
          { regex: "^\\.\\./\\.\\./", message: "Import other rooms as @/room/file." },
        ],
      },
    ],
  },
});

export default defineConfig(
  { ignores: ["dist", "src/api/schema.d.ts"] },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/only-throw-error": [
        "error",
        { allow: [{ from: "package", package: "@tanstack/router-core", name: "Redirect" }] },
      ],
      eqeqeq: "error",
      "no-console": "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.tsx"],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs.flat["recommended-latest"]],
    rules: {
      "max-lines": ["error", { max: 250 }],
      // The virtual list is not memoised by a compiler, and we use none.
      "react-hooks/incompatible-library": "off",
    },
  },
  ...ORDER.map(room),
  ...FEATURES.map(feature),
);
