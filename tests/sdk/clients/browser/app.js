// The shop in a page, told by @sentry/browser (../README.md). The page's address says what to do: ?dsn=...&do=message,handled
// or &do=lines; what is done is told to the server the page came from (/done, /next).
const Sentry = require("@sentry/browser");
const { scenarios, dress } = require("../shop.js");

const wish = new URLSearchParams(location.search);

Sentry.init({ dsn: wish.get("dsn"), release: "shop@1.4.2", environment: "staging", maxValueLength: 5000, normalizeDepth: 5 });

const settle = () => Sentry.flush(30000);

async function lines() {
  for (;;) {
    const line = await (await fetch("/next")).text();
    if (line === "") return;
    Sentry.captureMessage(line);
    await Sentry.flush(20000);
    await fetch("/done", { method: "POST", body: "ok" });
  }
}

async function main() {
  const all = { ...scenarios(Sentry, settle), lines };
  dress(Sentry);
  Sentry.setTag("server_name", "web-07");
  for (const name of wish.get("do").split(",")) {
    Sentry.setTag("scenario", name);
    await all[name]();
    await settle();
  }
  await fetch("/done", { method: "POST", body: "end" });
}

main();
