"""The shop, told by sentry-python (README.md). Runs under Debian's sentry-sdk 1.9 and under the newest from PyPI alike."""
import os
import sys

import sentry_sdk

sentry_sdk.init(os.environ["SENTRY_DSN"], release="shop@1.4.2", environment="staging", server_name="web-07",
                send_default_pii=True)


def price_of(order, sku):
    catalogue = {"A-1": 10}
    return catalogue[sku] * order["quantity"]  # KeyError for an unknown sku


def checkout(order):
    try:
        return price_of(order, order["sku"])
    except KeyError as cause:
        raise ValueError(f"cannot price order {order['number']}") from cause


def descend(depth):
    if depth > 0:
        return descend(depth - 1)
    raise RuntimeError("too deep")


def message():
    sentry_sdk.capture_message("stock is low: 7 items left", level="warning")


def handled():
    for number in (1, 2):  # two occurrences of one bug
        try:
            checkout({"number": number, "sku": "B-2", "quantity": 3})
        except ValueError as error:
            sentry_sdk.capture_exception(error)


def unicode():
    sentry_sdk.capture_message("Größe 中文 😀 nul:\0:end")


def large():
    with sentry_sdk.push_scope() as scope:
        scope.set_extra("blob", {f"key{i}": "x" * 1000 for i in range(300)})
        try:
            descend(120)
        except RuntimeError as error:
            sentry_sdk.capture_exception(error)


def burst():
    for number in range(25):
        sentry_sdk.capture_message(f"burst {number} of 25")


def unhandled():
    sentry_sdk.flush()
    [][1]  # leaves through sys.excepthook


def lines():
    for line in sys.stdin:
        sentry_sdk.capture_message(line.strip())
        sentry_sdk.flush(timeout=5)
        print("ok", flush=True)


def main():
    sentry_sdk.set_user({"id": "4711", "email": "ann@example.com", "username": "ann"})
    sentry_sdk.set_tag("region", "eu-west")
    sentry_sdk.set_context("cart", {"items": 3, "total": "9.99"})
    sentry_sdk.add_breadcrumb(category="cart", message="added B-2 to the basket", level="info")
    for name in sys.argv[1:]:
        sentry_sdk.set_tag("scenario", name)
        globals()[name]()
    sentry_sdk.flush(timeout=10)


if __name__ == "__main__":
    main()
