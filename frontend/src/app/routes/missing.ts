import { createRoute } from "@tanstack/react-router";
import { shellRoute } from "../root";
import { Missing } from "../Trouble";

/** Every address that no other route knows: within the shell, so that the way on is in sight. */
export const missingRoute = createRoute({ getParentRoute: () => shellRoute, path: "$", component: Missing });
