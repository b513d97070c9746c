// What a person feels in the workstation, noted in the page itself: tasks that block, frames, keys until they are painted.
(() => {
  const grid = () => document.querySelector(".desk [role=grid]");
  const cell = (row, column) =>
    grid()?.querySelector(`[role=row][aria-rowindex="${row}"] [aria-colindex="${column}"]`);
  const felt = {
    tasks: [],
    frames: undefined,
    keys: [],
    pages: 0,
    pressed: 0,
    found: undefined,
    selected: undefined,
    grid,
    /** The key of a row in sight, rows counted from 1. */
    key(row) {
      const at = cell(row + 1, 3)?.getBoundingClientRect();
      const box = grid()?.getBoundingClientRect();
      if (at === undefined || box === undefined || at.top < box.top || at.bottom > box.bottom) return undefined;
      return cell(row + 1, 3).textContent;
    },
    active() {
      return document.querySelector(".table__row--active")?.getAttribute("aria-rowindex");
    },
    /** The list shows rows, and nothing is being fetched. */
    settled() {
      const shown = document.querySelector(".table__body .table__row:not(.table__row--loading)");
      return grid()?.getAttribute("aria-busy") === "false" && shown !== null;
    },
    /** Forgets what was noted, and counts frames from now on. */
    begin() {
      felt.tasks = [];
      felt.keys = [];
      felt.pages = 0;
      const frames = [];
      felt.frames = frames;
      let before = performance.now();
      const frame = (now) => {
        if (felt.frames !== frames) return;
        frames.push(now - before);
        before = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },
    /** What was noted since; the observers are given time to tell all of it. */
    async end() {
      const { frames } = felt;
      felt.frames = undefined;
      await new Promise((done) => setTimeout(done, 250));
      return { tasks: felt.tasks, frames: frames.slice(1), keys: felt.keys, pages: felt.pages };
    },
    /** Waits until something is so; told when it never was. */
    async when(what, most) {
      const begun = performance.now();
      while (!what()) {
        if (performance.now() - begun > most) throw new Error(`not within ${most} ms: ${what}`);
        await new Promise((done) => requestAnimationFrame(done));
      }
    },
    /** From now on looks in every frame whether something is so; `found` tells how long after the last key or click. */
    expect(what, most) {
      felt.pressed = 0;
      const begun = performance.now();
      felt.found = new Promise((done) => {
        const look = () => {
          if (felt.pressed > 0 && what()) {
            // The next frame begins when this one is painted.
            requestAnimationFrame(() => done(performance.now() - felt.pressed));
          } else if (performance.now() - begun > most) done(-1);
          else requestAnimationFrame(look);
        };
        look();
      });
    },
    /** Looks for the break after the open one: when it is selected, and when its evidence is shown. */
    expectNext(most) {
      const now = felt.active();
      const next = () => felt.active() !== undefined && felt.active() !== now;
      const name = () => document.querySelector('.table__row--active [aria-colindex="3"]')?.textContent ?? "?";
      const title = () => document.querySelector(".pane__title")?.textContent ?? "";
      felt.expect(next, most);
      felt.selected = felt.found;
      felt.expect(() => next() && title().startsWith(name()) && !document.querySelector(".pane .skeleton"), most);
    },
    /** Looks for the rows of a list that is ordered, filtered or grouped anew. */
    expectAnew(most) {
      const before = felt.key(1);
      let went = false;
      felt.expect(() => {
        const busy = grid()?.getAttribute("aria-busy") === "true";
        went ||= busy || felt.key(1) !== before;
        return went && felt.settled();
      }, most);
    },
  };
  for (const kind of ["keydown", "click"]) {
    addEventListener(
      kind,
      (event) => {
        felt.pressed = event.timeStamp;
      },
      true,
    );
  }
  const seen = (type, note, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  seen("longtask", (task) => felt.tasks.push(task.duration));
  seen("event", (event) => event.name === "keydown" && felt.keys.push(event.duration), { durationThreshold: 16 });
  seen("resource", (one) => {
    if (/\/breaks\?/.test(one.name)) felt.pages += 1;
  });
  window.felt = felt;
})();
