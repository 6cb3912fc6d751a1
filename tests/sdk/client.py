"""A small shop that breaks, told by sentry-python. usage: SENTRY_DSN=... python client.py
Its last error is unhandled: exit status 1.
Runs under Debian's sentry-sdk 1.9 and under the newest from PyPI alike."""
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


def main():
    sentry_sdk.set_tag("region", "eu-west")
    sentry_sdk.set_user({"id": "4711", "email": "ann@example.com", "username": "ann"})
    sentry_sdk.add_breadcrumb(category="cart", message="added B-2 to the basket", level="info")
    for number in (1, 2):  # two occurrences of one bug
        try:
            checkout({"number": number, "sku": "B-2", "quantity": 3})
        except ValueError as error:
            sentry_sdk.capture_exception(error)
    sentry_sdk.capture_message("stock is low: 7 items left", level="warning")
    sentry_sdk.flush()
    [][1]  # unhandled: leaves through sys.excepthook


if __name__ == "__main__":
    sys.exit(main())
