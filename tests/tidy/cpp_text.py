"""C++ as text: comments and literals blanked out, functions found by their braces. A reader for our own style, no parser."""
import re

_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)


def _blank(found):
    return "".join(c if c == "\n" else " " for c in found.group(0))


def strip_comments(body):
    """The same text, same lines, with comments, strings and characters as blanks."""
    return _TOKEN.sub(_blank, body)


# What opens a block that is not a function.
_NOT_FUNCTION = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b|=\s*$|^\s*$|\breturn\s*$|,\s*$|\(\s*$")
_FUNCTION = re.compile(r"\)\s*(const|noexcept|override|final|mutable|&|->[^{}]*|:\s*[^{}]*|requires[^{}]*)*\s*$", re.S)


def functions(body):
    """(line, lines, head) of every function body at namespace or class level. Braces inside a function belong to it."""
    plain = strip_comments(body)
    plain = re.sub(r"^[ \t]*#[^\n]*(?:\\\n[^\n]*)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), plain, flags=re.M)
    inside = []  # True: a function's block
    head_start = 0
    opened = None
    for at, char in enumerate(plain):
        if char == "{":
            head = plain[head_start:at]
            is_function = not any(inside) and bool(_FUNCTION.search(head)) and not _NOT_FUNCTION.search(head.split("(")[0])
            if is_function:
                opened = (plain.count("\n", 0, at) + 1, " ".join(head.split())[-80:])
            inside.append(is_function)
        elif char == "}":
            was_function = inside.pop() if inside else False
            if was_function:
                line, head = opened
                yield line, plain.count("\n", 0, at) + 1 - line + 1, head
            if not any(inside):
                head_start = at + 1
        elif char == ";" and not any(inside):
            head_start = at + 1
        if char in "{" and not any(inside):
            head_start = at + 1
