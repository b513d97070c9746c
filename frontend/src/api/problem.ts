/** An error of the server (a problem document, RFC 9457) or of the way to it. Everything a query throws is one. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
  /** The field of the request that was refused, where one was. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;

  constructor(from: {
    status: number;
    title: string;
    detail: string;
    remedy?: string | undefined;
    field?: string | undefined;
    requestId?: string | undefined;
  }) {
    super(from.detail);
    this.name = "Problem";
    this.status = from.status;
    this.title = from.title;
    this.detail = from.detail;
    this.remedy = from.remedy;
    this.field = from.field;
    this.requestId = from.requestId;
  }

  /** Whether asking again may help: the server was away, busy, or could not be reached. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

function textAt(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What to do; nothing where it is told to programs, by the requests that they should send. */
function remedyIn(document: Record<string, unknown>): string | undefined {
  const remedy = textAt(document, "remedy");
  return remedy === undefined || /\b(?:GET|POST|PUT|PATCH|DELETE) \//u.test(remedy) ? undefined : remedy;
}

/** The problem that an answer holds, whatever shape it came in. */
export function problemOf(response: Response, body: unknown): Problem {
  const document = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return new Problem({
    status: response.status,
    title: textAt(document, "title") ?? `The server answered ${response.status}`,
    detail: textAt(document, "detail") ?? response.statusText,
    remedy: remedyIn(document),
    field: textAt(document, "field"),
    requestId: response.headers.get("x-request-id") ?? undefined,
  });
}

/** The problem of a request that never reached the server. */
export function unreachable(): Problem {
  return new Problem({
    status: 0,
    title: "The server cannot be reached",
    detail: "There was no answer. What you see was loaded before.",
    remedy: "Check the connection, then try again.",
  });
}
