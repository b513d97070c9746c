import { QueryCache, QueryClient } from "@tanstack/react-query";
import type { Problem } from "@/api/problem";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Problem;
  }
}

/** The one store of what the server said. `onSignedOut` is told when a session has ended. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (problem, query) => {
        if (problem.status === 401 && query.queryKey[0] !== "me") onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        retry: (count, problem) => problem.passing && count < 2,
      },
      mutations: { retry: false },
    },
  });
}
