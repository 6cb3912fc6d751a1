// The shop, told by sentry-java (../README.md).
import io.sentry.Breadcrumb;
import io.sentry.Sentry;
import io.sentry.SentryLevel;
import io.sentry.protocol.User;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;

public class Client {
  static int priceOf(int quantity, String sku) {
    Map<String, Integer> catalogue = Map.of("A-1", 10);
    return catalogue.get(sku) * quantity; // NullPointerException for an unknown sku
  }

  static int checkout(int number) {
    try {
      return priceOf(3, "B-2");
    } catch (NullPointerException cause) {
      throw new IllegalStateException("cannot price order " + number, cause);
    }
  }

  static int descend(int depth) {
    if (depth > 0) return descend(depth - 1) + 1;
    throw new IllegalArgumentException("too deep");
  }

  static void handled() {
    for (int number = 1; number <= 2; number++) {
      try {
        checkout(number);
      } catch (IllegalStateException error) {
        Sentry.captureException(error);
      }
    }
  }

  static void large() {
    Map<String, String> blob = new HashMap<>();
    for (int i = 0; i < 300; i++) blob.put("key" + i, "x".repeat(1000));
    Sentry.withScope(scope -> {
      scope.setContexts("blob", blob);
      try {
        descend(120);
      } catch (IllegalArgumentException error) {
        Sentry.captureException(error);
      }
    });
  }

  static void lines() throws Exception {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      Sentry.captureMessage(line);
      Sentry.flush(5000);
      System.out.println("ok");
    }
  }

  static void run(String name) throws Exception {
    switch (name) {
      case "message" -> Sentry.captureMessage("stock is low: 7 items left", SentryLevel.WARNING);
      case "handled" -> handled();
      case "unicode" -> Sentry.captureMessage("Größe 中文 😀 nul:\0:end");
      case "large" -> large();
      case "burst" -> {
        for (int number = 0; number < 25; number++) Sentry.captureMessage("burst " + number + " of 25");
      }
      case "unhandled" -> {
        int[] baskets = {};
        System.out.println(baskets[1]);
      }
      case "lines" -> lines();
      default -> throw new IllegalArgumentException(name);
    }
    Sentry.flush(10000);
  }

  public static void main(String[] names) throws Exception {
    Sentry.init(options -> {
      options.setDsn(System.getenv("SENTRY_DSN"));
      options.setRelease("shop@1.4.2");
      options.setEnvironment("staging");
      options.setServerName("web-07");
      options.addInAppInclude("Client");
    });
    Sentry.configureScope(scope -> {
      User user = new User();
      user.setId("4711");
      user.setEmail("ann@example.com");
      user.setUsername("ann");
      scope.setUser(user);
      scope.setTag("region", "eu-west");
      scope.setContexts("cart", Map.of("items", 3, "total", "9.99"));
      Breadcrumb crumb = new Breadcrumb("added B-2 to the basket");
      crumb.setCategory("cart");
      crumb.setLevel(SentryLevel.INFO);
      scope.addBreadcrumb(crumb);
    });
    for (String name : names) {
      Sentry.setTag("scenario", name);
      run(name);
    }
    Sentry.close();
  }
}
