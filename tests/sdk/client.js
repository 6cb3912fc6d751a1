// The same shop, told by @sentry/node. usage: SENTRY_DSN=... node client.js   (its last error is an unhandled rejection)
const Sentry = require("@sentry/node");

Sentry.init({ dsn: process.env.SENTRY_DSN, release: "shop@1.4.2", environment: "staging", serverName: "web-07" });

function priceOf(order, sku) {
  const catalogue = { "A-1": { price: 10 } };
  return catalogue[sku].price * order.quantity; // TypeError for an unknown sku
}

function checkout(order) {
  try {
    return priceOf(order, order.sku);
  } catch (cause) {
    throw new Error(`cannot price order ${order.number}`, { cause });
  }
}

async function main() {
  Sentry.setTag("region", "eu-west");
  Sentry.setUser({ id: "4711", email: "ann@example.com", username: "ann" });
  Sentry.addBreadcrumb({ category: "cart", message: "added B-2 to the basket", level: "info" });
  for (const number of [1, 2]) {
    try {
      checkout({ number, sku: "B-2", quantity: 3 });
    } catch (error) {
      Sentry.captureException(error);
    }
    // Between the two: the SDK's own dedupe drops an error that follows one with the same cause.
    if (number === 1) Sentry.captureMessage("stock is low: 7 items left", "warning");
  }
  await Sentry.flush(5000);
  [][1].name; // unhandled rejection
}

main();
