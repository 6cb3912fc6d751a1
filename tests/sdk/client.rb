# The same shop, told by sentry-ruby. usage: SENTRY_DSN=... ruby client.rb   (the last error is unhandled: exit status 1)
require "sentry-ruby"

Sentry.init do |config|
  config.dsn = ENV.fetch("SENTRY_DSN")
  config.release = "shop@1.4.2"
  config.environment = "staging"
  config.server_name = "web-07"
  config.background_worker_threads = 0
  config.breadcrumbs_logger = []
end

def price_of(order, sku)
  catalogue = { "A-1" => 10 }
  catalogue.fetch(sku) * order[:quantity]
end

def checkout(order)
  price_of(order, order[:sku])
rescue KeyError
  raise ArgumentError, "cannot price order #{order[:number]}"
end

Sentry.set_tags(region: "eu-west")
Sentry.set_user(id: "4711", email: "ann@example.com", username: "ann")
Sentry.add_breadcrumb(Sentry::Breadcrumb.new(category: "cart", message: "added B-2 to the basket", level: "info"))
[1, 2].each do |number|
  checkout({ number: number, sku: "B-2", quantity: 3 })
rescue ArgumentError => e
  Sentry.capture_exception(e)
end
Sentry.capture_message("stock is low: 7 items left", level: "warning")
begin
  [].fetch(1)
rescue IndexError => e
  Sentry.capture_exception(e, hint: { mechanism: "excepthook" })
  raise
end
