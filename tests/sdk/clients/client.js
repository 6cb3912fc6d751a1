// The shop, told by @sentry/node 7 to 11 (README.md).
const readline = require("readline");
const Sentry = require("@sentry/node");
const { scenarios, dress } = require("./shop.js");

Error.stackTraceLimit = 150;
Sentry.init({ dsn: process.env.SENTRY_DSN, release: "shop@1.4.2", environment: "staging", serverName: "web-07",
  maxValueLength: 5000, normalizeDepth: 5 });

async function lines() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    Sentry.captureMessage(line);
    await Sentry.flush(5000).catch(() => {}); // version 7 rejects when sending failed
    console.log("ok");
  }
}

async function main() {
  const settle = () => Sentry.flush(10000);
  const all = { ...scenarios(Sentry, settle), lines };
  dress(Sentry);
  for (const name of process.argv.slice(2)) {
    Sentry.setTag("scenario", name);
    await all[name]();
    if (name !== "lines") await settle();
  }
}

main();
