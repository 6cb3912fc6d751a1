#!/usr/bin/python3
"""Runs libFuzzer on one target or all, one after the other, and prints what was executed and found.
usage: fuzz.py PROGRAM [TARGET] [--seconds N]     PROGRAM: mishap_fuzz of preset fuzz
What is found stands in .cache/fuzz/findings; inputs worth keeping grow in .cache/fuzz/<target>, beside tests/fuzz/corpus.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("MISHAP_CACHE_DIR", HERE.parents[1] / ".cache")) / "fuzz"
INPUT_BYTES_MAX = {"event": 16384, "inflate": 8192, "spool": 4096, "envelope": 4096}
ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1", "UBSAN_OPTIONS": "print_stacktrace=1"}


def targets():
    return sorted(folder.name for folder in (HERE / "corpus").iterdir() if folder.is_dir())


def fuzz(program, target, seconds):
    """(executions, executions a second, inputs kept, files found)"""
    grown, findings = CACHE / target, CACHE / "findings"
    for folder in (grown, findings):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    command = [program, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
               f"-max_len={INPUT_BYTES_MAX.get(target, 2048)}", f"-artifact_prefix={findings}/{target}-",
               "-detect_leaks=1", "-use_value_profile=1", "-verbosity=1", str(grown), str(HERE / "corpus" / target)]
    log = CACHE / f"{target}.log"
    with open(log, "wb") as out:
        done = subprocess.run(command, stdout=out, stderr=out, env={**os.environ, **ENVIRONMENT, "MISHAP_FUZZ_TARGET": target})
    text = log.read_text(errors="replace")

    def figure(name):
        found = re.search(rf"stat::{name}:\s+(\d+)", text)
        return int(found.group(1)) if found else 0
    found = sorted(set(findings.iterdir()) - before)
    if done.returncode != 0:
        print("\n".join(text.splitlines()[-60:]))
        found = found or [log]
    return figure("number_of_executed_units"), figure("average_exec_per_sec"), len(list(grown.iterdir())), found


def main():
    parse = argparse.ArgumentParser(prog="./dev fuzz", description="libFuzzer under ASan and UBSan, one target after the other")
    parse.add_argument("program", help=argparse.SUPPRESS)
    parse.add_argument("target", nargs="?", choices=targets(), metavar="TARGET", help=", ".join(targets()))
    parse.add_argument("--seconds", type=int, default=60, help="of each target (default: 60)")
    options = parse.parse_args()
    chosen = [options.target] if options.target else targets()
    failed = 0
    print(f"{'target':<20} {'executions':>12} {'/s':>8} {'kept':>6}  findings")
    for target in chosen:
        executions, rate, kept, found = fuzz(options.program, target, options.seconds)
        failed += bool(found)
        print(f"{target:<20} {executions:>12} {rate:>8} {kept:>6}  {', '.join(map(str, found)) or 'none'}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
