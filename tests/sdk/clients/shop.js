// The shop's own code, the same for Node.js and browsers.
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

function descend(depth) {
  if (depth > 0) return descend(depth - 1) + 1;
  throw new RangeError("too deep");
}

// The scenarios by name. sentry: an SDK of the @sentry family. settle(): resolves when all has left.
function scenarios(sentry, settle) {
  return {
    message: () => sentry.captureMessage("stock is low: 7 items left", "warning"),
    async handled() {
      for (const number of [1, 2]) {
        try {
          checkout({ number, sku: "B-2", quantity: 3 });
        } catch (error) {
          sentry.captureException(error);
        }
        // Between the two: the SDK's own dedupe drops an error that follows one with the same cause.
        if (number === 1) sentry.captureMessage("one order went wrong");
        await settle();
      }
    },
    unicode: () => sentry.captureMessage("Größe 中文 😀 nul:\0:end"),
    large() {
      const blob = {};
      for (let i = 0; i < 300; i++) blob[`key${i}`] = "x".repeat(1000);
      try {
        descend(120);
      } catch (error) {
        sentry.captureException(error, { extra: { blob } });
      }
    },
    async burst() {
      // A page sends with fetch's keepalive, of which a browser has few at once: beyond them it fails requests by itself.
      const atOnce = typeof document === "undefined" ? 25 : 5;
      for (let number = 0; number < 25; number++) {
        sentry.captureMessage(`burst ${number} of 25`);
        if (number % atOnce === atOnce - 1) await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    unhandled() {
      setTimeout(function tick() {
        [][1].name; // TypeError that nobody catches
      }, 0);
      return new Promise((resolve) => setTimeout(resolve, 500));
    },
  };
}

function dress(sentry) {
  sentry.setUser({ id: "4711", email: "ann@example.com", username: "ann" });
  sentry.setTag("region", "eu-west");
  sentry.setContext("cart", { items: 3, total: "9.99" });
  sentry.addBreadcrumb({ category: "cart", message: "added B-2 to the basket", level: "info" });
}

module.exports = { scenarios, dress };
