"""No function over 70 lines, no header over 300, no source over 600."""

import ast
import re

import tree

FUNCTION_LINES_MAX = 70
HEADER_LINES_MAX = 300
SOURCE_LINES_MAX = 600
SCRIPTS = (".py", ".sh", ".cmake", "CMakeLists.txt", ".ci/run")

_PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_SCOPE = re.compile(
    r"^\s*(?:(?:public|private|protected)\s*:\s*)?(?:template\s*<[^{}]*>\s*)?"
    r"(?:inline\s+)?(?:namespace|class|struct|union|extern)\b(?!.*=)",
    re.MULTILINE)
_ENUM = re.compile(r"^\s*enum\b", re.MULTILINE)


def opens(head):
    """What the brace after a head at namespace or class level begins."""
    if _ENUM.search(head):
        return "value"
    if _SCOPE.search(head):
        return "scope"
    return "function" if "(" in head else "value"


def name_of(head):
    named = re.search(r"([~\w:]+)\s*(?:<[^()]*>)?\s*\(", head)
    return named.group(1) if named else "function"


class Scanner:
    """Finds the functions of C++ text by its braces. It does not parse: it
    is right for what clang-format writes, and needs no compiler."""

    def __init__(self, text):
        self.code = _PREPROCESSOR.sub(
            lambda match: re.sub(r"[^\n]", " ", match.group()),
            tree.code_only(text))
        self.depth = 0
        self.parentheses = 0
        self.head = 0
        self.open = None    # (kind, depth, offset of the first line)

    def functions(self):
        """(name, first line, count of lines) of each function."""
        for match in re.finditer(r"[{}();]", self.code):
            at, mark = match.start(), match.group()
            if mark == "{":
                self.enter(at)
            elif mark == "}":
                yield from self.leave(at)
            elif self.open is None:
                self.outside(at, mark)

    def outside(self, at, mark):
        if mark == ";" and self.parentheses <= 0:
            self.head = at + 1
            self.parentheses = 0
        elif mark != ";":
            self.parentheses += 1 if mark == "(" else -1

    def enter(self, at):
        self.depth += 1
        if self.open:
            return
        head = self.code[self.head:at]
        kind = "value" if self.parentheses > 0 else opens(head)
        if kind == "scope":
            self.head = at + 1
        else:
            # A blank line, or a comment, ends what stands above the function.
            above = list(re.finditer(r"\n[ \t]*\n|^\s+", head))
            start = self.head + (above[-1].end() if above else 0)
            self.open = (kind, self.depth, min(start, at))

    def leave(self, at):
        if self.open and self.depth == self.open[1]:
            kind, _, start = self.open
            self.open = None
            if kind == "function":
                first = tree.line_of(self.code, start)
                lines = tree.line_of(self.code, at) - first + 1
                yield name_of(self.code[start:at]), first, lines
                self.head = at + 1
                self.parentheses = 0
        elif not self.open:
            self.head = at + 1
        self.depth -= 1


def python_functions(text):
    """(name, first line, count of lines) of each function of a script."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def check_file(path, text):
    lines = text.count("\n")
    header = path.endswith(tree.HEADERS)
    most = HEADER_LINES_MAX if header else SOURCE_LINES_MAX
    if lines > most:
        yield tree.Finding(path, 0, f"{lines} lines, expected at most {most}; "
                                    "split it by subject")
    found = ()
    if path.endswith(tree.CPP):
        found = Scanner(text).functions()
    elif path.endswith(".py"):
        found = python_functions(text)
    for name, first, count in found:
        if count > FUNCTION_LINES_MAX:
            yield tree.Finding(
                path, first, f"{name} has {count} lines, expected at most "
                f"{FUNCTION_LINES_MAX}; give its parts names")


def check(arguments):
    paths = tree.files(arguments.root, tree.CPP + SCRIPTS)
    return len(paths), [finding for path in paths for finding in
                        check_file(path, tree.read(arguments.root, path))]


if __name__ == "__main__":
    tree.main("size", check, __doc__)
