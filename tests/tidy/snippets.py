"""The C++ of the root's README.md compiles: each ```cpp block alone, its syntax
and types only, with the flags that the build uses for apps/hello."""

import concurrent.futures
import os
import re
import subprocess

import headers
import tree

PAGE = "README.md"
LIKE = "apps/hello/snippet.cpp"
LINES_SHOWN = 8
# Before a block that is a part of a source.
_BEFORE_A_PART = "#include <weft/weft.hpp>\n"

_BLOCK = re.compile(r"^```cpp\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(text):
    """[(line of its first line, C++)] of a page."""
    return [(tree.line_of(text, found.start(1)), found.group(1))
            for found in _BLOCK.finditer(text)]


def source_of(line, block):
    """A source that compiles if the block is right; the compiler's messages
    name the page's lines."""
    before = "" if "#include" in block else _BEFORE_A_PART
    return f'{before}#line {line} "{PAGE}"\n{block}'


def compile_block(root, flags, line, block):
    """A finding if the block does not compile, else None."""
    done = subprocess.run(
        [*flags, "-fsyntax-only", "-x", "c++", "-"], cwd=root,
        input=source_of(line, block), capture_output=True, text=True,
        timeout=headers.SECONDS_MAX)
    if done.returncode == 0:
        return None
    return tree.Finding(PAGE, line, "does not compile:\n  " + "\n  ".join(
        done.stderr.splitlines()[:LINES_SHOWN]))


def check(arguments):
    root = arguments.root
    flags = headers.nearest(LIKE, headers.commands(root, arguments.build))
    found = blocks(tree.read(root, PAGE))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = list(filter(None, pool.map(
            lambda each: compile_block(root, flags, *each), found)))
    return len(found), findings


if __name__ == "__main__":
    tree.main("snippets", check, __doc__)
