#!/bin/sh
# A Chromium for the tests in a browser: the system's, else Debian's package (as root), else Playwright's own.
# Where there is none, those tests are skipped and say so.
for name in "${GREENAI_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  test -n "$name" && command -v "$name" >/dev/null && exit 0
done
if test "$(id -u)" = 0 && command -v apt-get >/dev/null; then
  echo "installing chromium"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null && exit 0
fi
"$1" -m playwright install chromium && exit 0
echo "no Chromium: the tests in a browser are skipped; install one, or name it in GREENAI_CHROMIUM" >&2
