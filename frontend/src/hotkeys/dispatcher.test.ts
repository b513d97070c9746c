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

  it("leave to a field what edits its text, and nothing else that is pressed with Ctrl", () => {
    const [all, search] = [vi.fn(), vi.fn()];
    layer({ "list.selectAll": all, "app.search": search });
    const input = document.body.appendChild(document.createElement("input"));
    press(dispatcher, "a", { ctrlKey: true }, input);
    press(dispatcher, "k", { ctrlKey: true }, input);
    press(dispatcher, "a", { ctrlKey: true });
    expect(all).toHaveBeenCalledTimes(1);
    expect(search).toHaveBeenCalledTimes(1);
  });

  it("decide once while a key is held, and move on and on", () => {
    const [accept, approve, next] = [vi.fn(), vi.fn(), vi.fn()];
    layer({ "decide.accept": accept, "list.next": next });
    for (const repeat of [false, true, true]) {
      press(dispatcher, "a", { repeat });
      press(dispatcher, "j", { repeat });
    }
    layer({ "check.approve": approve }, true);
    press(dispatcher, "a");
    press(dispatcher, "a", { repeat: true });
    expect(accept).toHaveBeenCalledTimes(1);
    expect(approve).toHaveBeenCalledTimes(1);
    expect(next).toHaveBeenCalledTimes(3);
  });

  it("are not what is pressed with a key of the system", () => {
    const accept = vi.fn();
    layer({ "decide.accept": accept });
    press(dispatcher, "a", { metaKey: true });
    press(dispatcher, "a", { ctrlKey: true });
    press(dispatcher, "a", { altKey: true });
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
