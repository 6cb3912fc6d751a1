# The shop, told by sentry-ruby (README.md).
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

def descend(depth)
  depth.positive? ? descend(depth - 1) + 1 : raise("too deep")
end

def message
  Sentry.capture_message("stock is low: 7 items left", level: "warning")
end

def handled
  [1, 2].each do |number|
    checkout({ number: number, sku: "B-2", quantity: 3 })
  rescue ArgumentError => e
    Sentry.capture_exception(e)
  end
end

def unicode
  Sentry.capture_message("Größe 中文 😀 nul:\0:end")
end

def large # the SDK drops events above 200 kB
  blob = (0...120).to_h { |i| ["key#{i}", "x" * 1000] }
  descend(120)
rescue RuntimeError => e
  Sentry.capture_exception(e, extra: { blob: blob })
end

def burst
  25.times { |number| Sentry.capture_message("burst #{number} of 25") }
end

def unhandled
  [].fetch(1)
rescue IndexError => e
  Sentry.capture_exception(e) # the SDK has no hook for errors that end a script: frameworks call this
  raise
end

def lines
  $stdin.each_line do |line|
    Sentry.capture_message(line.strip)
    puts "ok"
    $stdout.flush
  end
end

Sentry.set_user(id: "4711", email: "ann@example.com", username: "ann")
Sentry.set_tags(region: "eu-west")
Sentry.set_context("cart", { items: 3, total: "9.99" })
Sentry.add_breadcrumb(Sentry::Breadcrumb.new(category: "cart", message: "added B-2 to the basket", level: "info"))
ARGV.each do |name|
  Sentry.set_tags(scenario: name)
  send(name)
end
