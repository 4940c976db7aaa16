"""Plain text rules: no open ends, no commented-out code, no tabs or trailing
blanks, a newline at the end, 80 columns."""

import re

import tree

CODE = tree.CPP + (".py", ".sh", ".cmake", "CMakeLists.txt", ".ci/run")
TEXT = CODE + (".md", ".yaml", ".toml", ".json")
COLUMNS_MAX = 80

# Written apart, so that this file passes its own check.
_OPEN_END = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
_TYPE = (r"(?:const|static|constexpr|auto|bool|int|void|double"
         r"|[\w:]+::[\w:<>]+)[&*]?")
_STATEMENT = re.compile(
    r"(?:return|throw|delete)(?: \S+)?;$|(?:break|continue);$"
    r"|using (?:namespace )?[\w:]+(?: = .*)?;$"
    rf"|(?:{_TYPE}\s+)*[\w:.>\[\]-]+(?:\s*[-+*/|&]?=[^=].*|\(.*\));$"
    r"|(?:if|for|while|switch|catch)\s*\(.*\)\s*\{?$"
    r"|\}?\s*else\b.*\{$|[{}]+[;)]*$"
    r"|#\s*(?:include|if|ifdef|ifndef|define|endif|pragma)\b")
_COMMENT = re.compile(r"(?<![:\"'/])//(?!/)[ \t]?([^\n]*)")
_DISABLED = re.compile(r"^[ \t]*#[ \t]*if[ \t]+(?:0|false)\b", re.MULTILINE)


def may_be_long(line):
    """True for what cannot be broken: a URL, a path or a string literal that
    begins before the limit and crosses it."""
    for match in re.finditer(r'"(?:\\.|[^"\\])*"?|\S+', line):
        start, end = match.span()
        token = match.group()
        if end <= COLUMNS_MAX or start >= COLUMNS_MAX:
            continue
        return (token.startswith('"') or "://" in token
                or len(line.lstrip()) == len(token))
    return False


def check_lines(path, text):
    """Rules for single lines of any text."""
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            yield number, "a tab; indent with blanks"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if _OPEN_END.search(line):
            yield number, (f"{_OPEN_END.search(line).group()}: finish it, or "
                           "say under Decisions why it is left out")
        if (path.endswith(CODE) and len(line) > COLUMNS_MAX
                and not may_be_long(line)):
            yield number, f"{len(line)} columns, expected at most 80"
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no newline at the end of the file"


def check_comments(text):
    """Rules for comments of C++."""
    bare = tree.blank(text, ("raw", "string", "character"))
    for match in _COMMENT.finditer(bare):
        if _STATEMENT.match(match.group(1).strip()):
            yield (tree.line_of(text, match.start()),
                   "commented-out code; delete it, the history keeps it")
    for match in _DISABLED.finditer(tree.code_only(text)):
        yield (tree.line_of(text, match.start()),
               "disabled code; delete it, the history keeps it")


def check_file(path, text):
    bare = tree.blank(text, ("raw",)) if path.endswith(tree.CPP) else text
    # Where a raw string stood, blanks and width are its own affair.
    bare = "\n".join(line if line == old else line.strip() for line, old
                     in zip(bare.split("\n"), text.split("\n")))
    findings = list(check_lines(path, bare))
    if path.endswith(tree.CPP):
        findings += check_comments(text)
    return [tree.Finding(path, *finding) for finding in findings]


def check(arguments):
    paths = tree.files(arguments.root, TEXT)
    return len(paths), [finding for path in paths for finding in
                        check_file(path, tree.read(arguments.root, path))]


if __name__ == "__main__":
    tree.main("words", check, __doc__)
