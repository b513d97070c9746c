const PATHS = {
  work: "M2.5 3.5h11v9h-11zM6 3.5v9M9.8 3.5v9",
  check: "M8 1.8 13 4v3.7c0 3.2-2.2 5.4-5 6.5-2.8-1.1-5-3.3-5-6.5V4zM5.6 7.9l1.7 1.7 3.2-3.4",
  runs: "M4.5 3v10l8-5z",
  recons: "M2.5 5h8M8 2.5 10.5 5 8 7.5M13.5 11h-8M8 8.5 5.5 11 8 13.5",
  dashboard: "M2.5 13.5h11M4 11V7.5M7 11V3M10 11V6M13 11V4.5",
  administration: "M2.5 4.5h6M11.5 4.5h2M2.5 8h2M7.5 8h6M2.5 11.5h6M11.5 11.5h2M10 3v3M6 6.5v3M10 10v3",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3l3.2 3.2",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11z M8 2.5a5.5 5.5 0 0 1 0 11",
  help: "M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3v.4M8 12v.2",
  chevron: "M4.5 6.5 8 10l3.5-3.5",
  forward: "M6.5 4.5 10 8l-3.5 3.5",
  close: "M4 4l8 8M12 4l-8 8",
  undo: "M6 3 3 6l3 3M3.4 6H9a3.5 3.5 0 0 1 0 7H6",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  download: "M8 2.5v7M5 7l3 3 3-3M3 13h10",
  up: "M8 12.5v-9M4.5 7 8 3.5 11.5 7",
  down: "M8 3.5v9M4.5 9 8 12.5 11.5 9",
  plus: "M8 3v10M3 8h10",
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11.3v.2",
  person: "M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM3 13.6c.6-2.6 2.5-4 5-4s4.4 1.4 5 4",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  link: "M6.8 9.2l2.4-2.4M7.5 4.6l1-1a2.8 2.8 0 0 1 4 4l-1 1M8.5 11.4l-1 1a2.8 2.8 0 0 1-4-4l1-1",
  tick: "M3.5 8.5l3 3 6-7",
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing of 16 by 16; it says nothing to screen readers, the words beside it do. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
