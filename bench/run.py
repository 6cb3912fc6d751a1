#!/usr/bin/python3
"""./dev bench [NAME] [arguments]: one benchmark, or all of them. A NAME is a script bench/NAME.py or a program
bench/NAME_bench of the build."""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("MISHAP_BUILD_DIR", HERE.parent / "build/release"))


def benchmarks():
    """Name -> command, scripts first."""
    found = {p.stem: [sys.executable, str(p)] for p in sorted(HERE.glob("*.py")) if p != HERE / "run.py"}
    for program in sorted((BUILD / "bench").glob("*_bench")):
        found.setdefault(program.name.removesuffix("_bench"), [str(program)])
    return found


def main():
    known = benchmarks()
    arguments = sys.argv[1:]
    if arguments and not arguments[0].startswith("-"):
        name = arguments.pop(0)
        if name not in known:
            sys.exit(f"no benchmark named {name}; there are: {' '.join(known)}")
        os.execv(known[name][0], [*known[name], *arguments])
    status = 0
    for name, command in known.items():
        print(f"== {name}", flush=True)
        status |= subprocess.run([*command, *arguments]).returncode
    sys.exit(status)


if __name__ == "__main__":
    main()
