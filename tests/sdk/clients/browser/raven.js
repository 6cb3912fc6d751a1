// The shop in a page, told by raven-js 3 (../README.md); addresses as in app.js.
const Raven = require("raven-js");
const { scenarios } = require("../shop.js");

const wish = new URLSearchParams(location.search);

Raven.config(wish.get("dsn"), { release: "shop@1.4.2", environment: "staging", allowDuplicates: true,
  autoBreadcrumbs: false, serverName: "web-07" }).install();

let open = 0;
for (const name of ["ravenSuccess", "ravenFailure"]) document.addEventListener(name, () => open--);

// raven-js has no flush: it tells of every request that ended.
async function settle() {
  for (let i = 0; i < 200 && open > 0; i++) await new Promise((resolve) => setTimeout(resolve, 25));
}

// What the shop calls, in raven-js' words.
const sentry = {
  captureMessage(text, level) {
    open++;
    Raven.captureMessage(text, { level: level || "info" });
  },
  captureException(error, hint) {
    open++;
    Raven.captureException(error, hint || {});
  },
};

async function lines() {
  for (;;) {
    const line = await (await fetch("/next")).text();
    if (line === "") return;
    open = 0;
    sentry.captureMessage(line);
    for (let i = 0; i < 20 && open > 0; i++) await new Promise((resolve) => setTimeout(resolve, 25)); // backing off: nothing ends
    await fetch("/done", { method: "POST", body: "ok" });
  }
}

async function main() {
  const all = { ...scenarios(sentry, settle), lines };
  Raven.setUserContext({ id: "4711", email: "ann@example.com", username: "ann" });
  Raven.setExtraContext({ cart: { items: 3, total: "9.99" } });
  Raven.captureBreadcrumb({ category: "cart", message: "added B-2 to the basket", level: "info" });
  for (const name of wish.get("do").split(",")) {
    Raven.setTagsContext({ region: "eu-west", scenario: name });
    await all[name]();
    await settle();
  }
  await fetch("/done", { method: "POST", body: "end" });
}

main();
