#!/usr/bin/python3
"""The conformance vectors of the ingest protocol, each one test against the running binary. The tests stand in vectors_*.py,
numbered as in the protocol's list. usage: conformance.py [NUMBER...]     prints PASS/FAIL lines and "N passed, N failed"
"""
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.e2e import vectors_body, vectors_envelope, vectors_event, vectors_item  # noqa: E402
from tests.e2e.wire import Wire  # noqa: E402

VECTORS_TOTAL = 52
TESTS = {**vectors_envelope.TESTS, **vectors_body.TESTS, **vectors_event.TESTS, **vectors_item.TESTS}
# What this version does not do, and why; shown beside the results, never counted as passed.
OPEN = {**vectors_item.OPEN}


def run(numbers=()):
    """Runs all vectors, or those given; returns (passed, failed)."""
    assert set(TESTS) | set(OPEN) == set(range(1, VECTORS_TOTAL + 1)), "each vector is a test or named as open"
    passed = failed = 0
    table = {number: "OPEN" for number in OPEN}
    with Wire() as wire:
        for number in sorted(TESTS):
            if numbers and number not in numbers:
                continue
            test = TESTS[number]
            name = f"vector {number}: {' '.join((test.__doc__ or test.__name__).split())}"
            started = time.monotonic()
            wire.fresh_key()
            try:
                test(wire)
                passed += 1
                table[number] = "passed"
                print(f"PASS {name} ({time.monotonic() - started:.1f} s)", flush=True)
            except Exception:  # noqa: BLE001: any failure is a result
                failed += 1
                table[number] = "FAILED"
                print(f"FAIL {name}\n{traceback.format_exc()}", flush=True)
    for number, why in sorted(OPEN.items()):
        if not numbers or number in numbers:
            print(f"OPEN vector {number}: {why}")
    cells = [f"{number:>3} {result:<7}" for number, result in sorted(table.items())]
    print("vector -> result")
    for at in range(0, len(cells), 8):
        print("  " + "".join(cells[at:at + 8]))
    return passed, failed


def main():
    passed, failed = run([int(word) for word in sys.argv[1:]])
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
