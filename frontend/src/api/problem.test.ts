import { describe, expect, it } from "vitest";
import { problemOf } from "./problem";

const refused = (remedy: string) =>
  problemOf(new Response(null, { status: 404 }), {
    title: "Not found",
    detail: "there is no such recon",
    remedy,
  });

describe("a problem", () => {
  it("tells people what to do, but not which requests a program would send", () => {
    expect(refused("look at it again").remedy).toBe("look at it again");
    expect(refused("see GET /api/v1/recons").remedy).toBeUndefined();
    expect(refused("log in: POST /api/v1/login, or send an API key").remedy).toBeUndefined();
  });
});
