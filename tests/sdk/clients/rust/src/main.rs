// The shop, told by the Rust crate "sentry" (../../README.md).
use sentry::protocol::{Breadcrumb, Context, User};
use sentry::Level;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::time::Duration;

#[derive(Debug)]
struct PriceError(String);
impl std::fmt::Display for PriceError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "no price for {}", self.0)
    }
}
impl std::error::Error for PriceError {}

#[derive(Debug)]
struct OrderError(u32, PriceError);
impl std::fmt::Display for OrderError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "cannot price order {}", self.0)
    }
}
impl std::error::Error for OrderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.1)
    }
}

#[inline(never)]
fn price_of(sku: &str, quantity: u32) -> Result<u32, PriceError> {
    if sku == "A-1" { Ok(10 * quantity) } else { Err(PriceError(sku.to_string())) }
}

#[inline(never)]
fn checkout(number: u32) {
    if let Err(cause) = price_of("B-2", 3) {
        sentry::capture_error(&OrderError(number, cause));
    }
}

#[inline(never)]
fn descend(depth: u32) -> u32 {
    if depth == 0 {
        sentry::capture_error(&OrderError(0, PriceError("deep".to_string())));
        return 0;
    }
    std::hint::black_box(descend(depth - 1) + 1)
}

fn large() {
    let blob: BTreeMap<String, sentry::protocol::Value> =
        (0..300).map(|i| (format!("key{i}"), "x".repeat(1000).into())).collect();
    sentry::with_scope(|scope| scope.set_context("blob", Context::Other(blob)), || { descend(120); });
}

fn lines() {
    for line in std::io::stdin().lock().lines() {
        sentry::capture_message(&line.unwrap(), Level::Info);
        settle();
        println!("ok");
    }
}

fn settle() {
    if let Some(client) = sentry::Hub::current().client() {
        client.flush(Some(Duration::from_secs(10)));
    }
}

fn run(name: &str) {
    match name {
        "message" => { sentry::capture_message("stock is low: 7 items left", Level::Warning); }
        "handled" => (1..=2).for_each(checkout),
        "unicode" => { sentry::capture_message("Größe 中文 😀 nul:\0:end", Level::Info); }
        "large" => large(),
        "burst" => (0..25).for_each(|n| { sentry::capture_message(&format!("burst {n} of 25"), Level::Info); }),
        "unhandled" => {
            let baskets: Vec<u32> = Vec::new();
            println!("{}", baskets[std::hint::black_box(1)]);
        }
        "lines" => lines(),
        _ => panic!("no scenario {name}"),
    }
    settle();
}

fn main() {
    let mut options = sentry::ClientOptions::default();
    options.release = Some("shop@1.4.2".into());
    options.environment = Some("staging".into());
    options.server_name = Some("web-07".into());
    options.attach_stacktrace = true;
    let _guard = sentry::init((std::env::var("SENTRY_DSN").unwrap(), options));
    sentry::configure_scope(|scope| {
        scope.set_user(Some(User {
            id: Some("4711".into()), email: Some("ann@example.com".into()), username: Some("ann".into()),
            ..Default::default()
        }));
        scope.set_tag("region", "eu-west");
        let cart = BTreeMap::from([("items".to_string(), 3.into()), ("total".to_string(), "9.99".into())]);
        scope.set_context("cart", Context::Other(cart));
    });
    sentry::add_breadcrumb(Breadcrumb {
        category: Some("cart".into()), message: Some("added B-2 to the basket".into()), level: Level::Info,
        ..Default::default()
    });
    for name in std::env::args().skip(1) {
        sentry::configure_scope(|scope| scope.set_tag("scenario", &name));
        run(&name);
    }
}
