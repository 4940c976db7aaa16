"""Every message type crosses the wire in a test: each block of type IDs is
given to check_block of tests/support/round_trip.hpp, which compiles only with a
sample of every type in the block."""

import re

import tree

_BLOCK = re.compile(r"\bCAF_BEGIN_TYPE_ID_BLOCK\s*\(\s*(\w+)")
_ADDED = re.compile(r"\badd_message_type\s*<")
_CHECKED = re.compile(r"\bcheck_block\s*<\s*caf::id_block::(\w+)\s*>")


def check(arguments):
    blocks, checked, findings = {}, set(), []
    for path in tree.files(arguments.root, tree.CPP):
        code = tree.code_only(tree.read(arguments.root, path))
        if path.startswith("tests/"):
            checked.update(_CHECKED.findall(code))
            continue
        for match in _BLOCK.finditer(code):
            blocks[match.group(1)] = (path, tree.line_of(code, match.start()))
        findings += [
            tree.Finding(path, tree.line_of(code, match.start()),
                         "add_message_type registers a type outside of a "
                         "block; put it into a block of type IDs")
            for match in _ADDED.finditer(code)]
    findings += [
        tree.Finding(*place, f"no test calls check_block<caf::id_block::{name}"
                             ">; add one with a sample of every type")
        for name, place in blocks.items() if name not in checked]
    return len(blocks), findings


if __name__ == "__main__":
    tree.main("messages", check, __doc__)
