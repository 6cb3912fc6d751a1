#!/usr/bin/python3
"""./dev bench grouping [--json FILE]: times of grouping on one core, and instructions per event, which do not depend on the
machine's noise (callgrind; left out where valgrind is not installed).
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

BUILD = pathlib.Path(os.environ.get("MISHAP_BUILD_DIR", pathlib.Path(__file__).resolve().parents[1] / "build/release"))
PROGRAM = str(BUILD / "bench/grouping_bench")


def collected(events):
    """Instructions of a run that groups one event so many times."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAM, "--repeat", str(events)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"callgrind failed:\n{done.stderr}")
    lines = [line for line in done.stderr.splitlines() if "Collected" in line]
    return int(lines[-1].rsplit(":", 1)[1])


def instructions_per_event():
    """The difference of two runs: starting up does not count."""
    few, many = 200, 1200
    return (collected(many) - collected(few)) // (many - few)


def main():
    arguments = sys.argv[1:]
    status = subprocess.run([PROGRAM, *arguments]).returncode
    if status:
        sys.exit(status)
    if not shutil.which("valgrind"):
        print("instructions per event: not measured (apt install valgrind)")
        return
    count = instructions_per_event()
    print(f"instructions per event (50 frames, warm): {count}")
    if len(arguments) == 2 and arguments[0] == "--json":
        path = pathlib.Path(arguments[1])
        figures = json.loads(path.read_text())
        figures["instructions_per_event"] = count
        path.write_text(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
