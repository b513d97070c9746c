export const workstation = {
  "home.title": "Work",
  "home.about": "Choose a recon; it opens by itself from then on.",
  "home.recons": "Recons",
  "home.recon": "Recon",
  "home.lastRun": "Last business date",
  "home.state": "State",
  "home.waiting": "Waiting",
  "home.none": "There is no recon yet",
  "home.noneHint": "Create one under Recons, or ask for a role on one.",
} as const;
