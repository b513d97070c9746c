import { beforeEach, describe, expect, it, vi } from "vitest";
import { ACTION_IDS, ACTIONS, conflicts } from "./actions";
import { Dispatcher, type Handlers } from "./dispatcher";

function press(
  dispatcher: Dispatcher,
  key: string,
  more: KeyboardEventInit = {},
  target: Element = document.body,
): void {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  target.addEventListener("keydown", dispatcher.handle as EventListener, { once: true });
  target.dispatchEvent(event);
}

describe("shortcuts", () => {
  let dispatcher: Dispatcher;
  const layer = (handlers: Handlers, modal = false) =>
    dispatcher.register({ handlers: () => handlers, modal });

  beforeEach(() => {
    dispatcher = new Dispatcher();
    document.body.innerHTML = "";
  });

  it("tell a letter from the same letter with Shift", () => {
    const [accept, cause] = [vi.fn(), vi.fn()];
    layer({ "decide.accept": accept, "decide.cause": cause });
    press(dispatcher, "a");
    press(dispatcher, "A", { shiftKey: true });
    expect(accept).toHaveBeenCalledTimes(1);
    expect(cause).toHaveBeenCalledTimes(1);
  });

  it("take two strokes in a row, and the second alone as itself", () => {
    const [work, skip] = [vi.fn(), vi.fn()];
    layer({ "go.work": work, "decide.skip": skip });
    press(dispatcher, "g");
    press(dispatcher, "w");
    press(dispatcher, "g");
    press(dispatcher, "s");
    expect(work).toHaveBeenCalledTimes(1);
    expect(skip).toHaveBeenCalledTimes(1);
  });

  it("do nothing while somebody types", () => {
    const accept = vi.fn();
    layer({ "decide.accept": accept });
    const input = document.body.appendChild(document.createElement("input"));
    press(dispatcher, "a", {}, input);
    expect(accept).not.toHaveBeenCalled();
  });

  it("do nothing behind a dialog, and work again when it is closed", () => {
    const accept = vi.fn();
    layer({ "decide.accept": accept });
    const close = layer({}, true);
    press(dispatcher, "a");
    expect(accept).not.toHaveBeenCalled();
    close();
    press(dispatcher, "a");
    expect(accept).toHaveBeenCalledTimes(1);
  });

  it("follow the keys a person has given, and leave the shipped ones", () => {
    const accept = vi.fn();
    layer({ "decide.accept": accept });
    dispatcher.rebind({ "decide.accept": ["y"] });
    press(dispatcher, "a");
    expect(accept).not.toHaveBeenCalled();
    press(dispatcher, "y");
    expect(accept).toHaveBeenCalledTimes(1);
  });

  it("are shipped without two that answer to the same keys", () => {
    const clashing = ACTION_IDS.filter((action) =>
      ACTIONS[action].keys.some((keys) => conflicts(action, keys, {}).length > 0),
    );
    expect(clashing).toEqual([]);
  });

  it("refuse a key that begins another", () => {
    expect(conflicts("decide.accept", "g", {})).toContain("go.work");
  });
});
