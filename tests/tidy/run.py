#!/usr/bin/env python3
"""The tidy suite: floors, sizes, names and a few rules that keep the house in order, read from the source text.
Python's standard library only. Prints PASS/FAIL lines and "N passed, N failed". Not here: what compilers and clang-tidy see.
usage: run.py [NAME...]"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cpp_text import functions, strip_comments  # noqa: E402

# Rooms by floor: a room includes itself and rooms on floors below it, never a neighbour (docs/ARCHITECTURE.md).
FLOORS = {"base": 0, "proto": 1, "event": 1, "net": 1, "grouping": 2, "spool": 2, "storage": 2,
          "ingest": 3, "digest": 3, "jobs": 3, "api": 3, "server": 4}
FILE_LINES_SMELL = 400
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
BANNED_NAMES = {"manager", "handler", "helper", "helpers", "util", "utils", "common", "misc", "data", "info", "impl"}
# What a name part may be all the same: words of the protocol or of POSIX.
# The operator's own word: --data-dir.
ALLOWED_FILES = {"server/data_dir.cc", "server/data_dir.h", "tests/unit/server/data_dir_test.cc"}
SHARED_PTR_MAX = ROOT / "tests/tidy/shared_ptr_max"


def sources(*suffixes):
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.suffix in suffixes and parts[0] not in ("build", ".cache", ".git", "web") and "node_modules" not in parts:
            yield path.relative_to(ROOT), path


TEXTS = {}


def text(path):
    if path not in TEXTS:
        TEXTS[path] = path.read_text(errors="replace")
    return TEXTS[path]


def cpp():
    for name, path in sources(".cc", ".h"):
        yield str(name), text(path)


def room_of(name):
    return name.split("/")[0]


def includes(body):
    for number, line in enumerate(body.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found.group(2), found.group(1)


def floors():
    """A room includes only rooms below it; rooms on one floor never include each other."""
    for name, body in cpp():
        room = room_of(name)
        if room not in FLOORS:
            continue
        for number, target, _ in includes(body):
            other = target.split("/")[0]
            if other in ("tests", "bench"):
                yield f"{name}:{number}: {room}/ includes {target}: shipped code never includes tests"
            if "/" not in target or other == room or other not in FLOORS:
                continue
            if FLOORS[other] >= FLOORS[room] and not (room in ("ingest", "api") and other == "net"):
                yield f"{name}:{number}: {room}/ (floor {FLOORS[room]}) includes {target} (floor {FLOORS[other]})"


def links():
    """CMake targets link no more than the floors allow."""
    for name, path in sources(".txt"):
        room = room_of(str(name))
        if name.name != "CMakeLists.txt" or room not in FLOORS or len(name.parts) != 2:
            continue
        for deps in re.findall(r"\bDEPS\s+([a-z\s]+)", text(path)):
            for other in deps.split():
                if other in FLOORS and FLOORS[other] >= FLOORS[room]:
                    yield f"{name}: {room} links {other}, which is not below it"


LIBRARIES = [
    (r"pqxx|libpq-fe\.h|libpq/", {"storage"}, "PostgreSQL's libraries"),
    (r"boost/(asio|beast)", {"net"}, "Boost.Asio and Boost.Beast"),
    (r"CLI/", {"server"}, "CLI11"),
    (r"toml\+\+", {"server"}, "toml++"),
    (r"grpcpp|google/protobuf", {"ingest", "api", "proto"}, "gRPC and protobuf"),
]


def libraries():
    """Heavy libraries stay in their room; simdjson, pqxx and the like never stand in a header others include."""
    for name, body in cpp():
        room = room_of(name)
        if room not in FLOORS:
            continue
        for number, target, bracket in includes(body):
            for pattern, rooms, what in LIBRARIES:
                if re.match(pattern, target) and room not in rooms:
                    yield f"{name}:{number}: {what} belong to {', '.join(sorted(rooms))} only"
            if name.endswith(".h") and bracket == "<" and re.match(r"simdjson|CLI/|toml\+\+|zstd|brotli", target):
                yield f"{name}:{number}: <{target}> in a header makes everybody compile it"


def file_sizes():
    """Files stay near 100-200 lines; 500 is the end."""
    for name, body in cpp():
        lines = body.count("\n")
        if lines > FILE_LINES_MAX:
            yield f"{name}: {lines} lines; above {FILE_LINES_MAX} a file has two subjects"
        elif lines > FILE_LINES_SMELL:
            print(f"  smell: {name} has {lines} lines")


def function_sizes():
    """Functions stay under 60 lines; namespaces, classes, tables and tests are not functions."""
    for name, body in cpp():
        if room_of(name) not in FLOORS:
            continue
        for start, count, head in functions(body):
            if count > FUNCTION_LINES_MAX:
                yield f"{name}:{start}: {count} lines in {head}"


def names():
    """File and class names say what a thing is."""
    for name, body in cpp():
        parts = set(re.split(r"[_./]", name.lower()))
        if parts & BANNED_NAMES and name not in ALLOWED_FILES:
            yield f"{name}: the name says nothing ({', '.join(sorted(parts & BANNED_NAMES))})"
        for found in re.finditer(r"^\s*(?:class|struct|enum class)\s+([A-Z]\w*)\s*(?:final\s*)?[:{]", body, re.M):
            words = {w.lower() for w in re.findall(r"[A-Z][a-z0-9]*", found.group(1))}
            nested_impl = found.group(1) == "Impl" or body[:found.start()].endswith("  ")
            if words & (BANNED_NAMES - {"data", "info"}) and not nested_impl and found.group(1) != "Impl":
                yield f"{name}: class {found.group(1)}: the name says nothing"


def file_tops():
    """The top of a file says what it is."""
    for name, body in cpp():
        if room_of(name) not in FLOORS:
            continue
        first = body.lstrip().splitlines()[0] if body.strip() else ""
        if name.endswith(".h") and not first.startswith("//"):
            yield f"{name}: no words at the top of the file"
        if name.endswith(".cc") and not first.startswith("//") and not (ROOT / name).with_suffix(".h").exists():
            yield f"{name}: no words at the top, and no header that has them"


def co_await_expressions():
    """g++ 12 destroys a braced temporary inside co_await twice: only names and moves there (docs/HACKING.md)."""
    for name, body in cpp():
        if room_of(name) != "net":
            continue
        plain = strip_comments(body)
        for found in re.finditer(r"\bco_await\b([^;]*);", plain):
            expression = found.group(1)
            if "{" in expression or re.search(r"\[[^\]]*\]\s*\(", expression):
                line = plain.count("\n", 0, found.start()) + 1
                yield f"{name}:{line}: braces or a lambda inside co_await"


def shared_ptr_count():
    """shared_ptr is for immutable snapshots; outside base/ and net/ the number may only fall."""
    count = 0
    for name, body in cpp():
        if room_of(name) in FLOORS and room_of(name) not in ("base", "net"):
            count += len(re.findall(r"\b(?:make_)?shared(?:_ptr)?\s*<", strip_comments(body)))
    allowed = int(SHARED_PTR_MAX.read_text().split()[0])
    if count > allowed:
        yield f"{count} uses of shared_ptr, {allowed} are allowed (tests/tidy/shared_ptr_max)"
    elif count < allowed:
        yield f"only {count} uses of shared_ptr are left: write {count} into tests/tidy/shared_ptr_max"


def exceptions():
    """Errors are results; catch stands where a library throws, in main and in worker loops."""
    for name, body in cpp():
        if room_of(name) not in FLOORS:
            continue
        for number, line in enumerate(strip_comments(body).splitlines(), 1):
            if re.search(r"\bthrow\b", line) and "std::bad_alloc" not in line and room_of(name) != "storage":
                yield f"{name}:{number}: throw outside storage/"
            if re.match(r"\s*#\s*include\s*<(format|source_location|ranges)>", line):
                yield f"{name}:{number}: {line.strip()}: not with both compilers of Debian 12"


def machine_paths():
    """Nothing speaks of the machine it was written on."""
    words = re.compile(r"/work/|/root/|registry\.npmjs|pypi\.org/simple|\.example\.internal")
    for name, path in sources(".cc", ".h", ".py", ".md", ".txt", ".cmake", ".sql", ".toml", ".yaml", ".js", ".rb", ".sh"):
        if str(name).startswith(("tests/golden/cases", "tests/tidy")):
            continue
        for number, line in enumerate(text(path).splitlines(), 1):
            if words.search(line):
                yield f"{name}:{number}: {line.strip()[:80]}"


def doc_links():
    """Links between pages lead somewhere, and the README stays short."""
    for name, path in sources(".md"):
        body = re.sub(r"```.*?```", "", text(path), flags=re.S)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", body):
            if re.match(r"[a-z]+:", target):
                continue
            if not (path.parent / target).exists():
                yield f"{name}: link to {target} leads nowhere"
    lines = (ROOT / "README.md").read_text().count("\n")
    if lines > 60:
        yield f"README.md has {lines} lines, 60 are enough"


def sleeping_tests():
    """Unit tests do not sleep and open no sockets."""
    for name, body in cpp():
        if not name.startswith("tests/unit/"):
            continue
        for number, line in enumerate(strip_comments(body).splitlines(), 1):
            if re.search(r"\bsleep_for\b|\busleep\(|\bsleep\(|\bsocket\(", line):
                yield f"{name}:{number}: {line.strip()}"


TESTS = [floors, links, libraries, file_sizes, function_sizes, names, file_tops, co_await_expressions,
         shared_ptr_count, exceptions, machine_paths, doc_links, sleeping_tests]


def main():
    chosen = [t for t in TESTS if len(sys.argv) < 2 or t.__name__ in sys.argv[1:]]
    failed = 0
    for test in chosen:
        problems = list(test())
        failed += bool(problems)
        print(f"{'FAIL' if problems else 'PASS'} {test.__name__}")
        for problem in problems:
            print(f"  {problem}")
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
