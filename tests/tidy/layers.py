"""Every #include, every CAF version macro, what one version of CAF alone
understands and every strict conversion of JSON stands where layers.toml allows
it."""

import fnmatch
import pathlib
import re
import tomllib

import tree

_INCLUDE = re.compile(
    r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)
_TABLE = pathlib.Path(__file__).with_name("layers.toml")


def within(path, folder):
    return path == folder or path.startswith(folder + "/")


def innermost(path, folders):
    """The longest of the folders that the path is in, or None."""
    return max((folder for folder in folders if within(path, folder)),
               key=len, default=None)


def matches(name, patterns):
    """True if an included name is, begins with (for "x/") or globs to one of
    the patterns."""
    return any(name.startswith(pattern) if pattern.endswith("/")
               else fnmatch.fnmatchcase(name, pattern)
               for pattern in patterns)


def is_pure(path, table):
    rule = table["pure"]
    if any(within(path, folder) for folder in rule["but"] + ["tests"]):
        return False
    name = path.rsplit("/", 1)[-1]
    return (matches(name, rule["files"])
            or any(within(path, folder) for folder in rule["folders"]))


def family_of(name, table):
    """The family of a name in angle brackets: None for the rest of the
    standard library, "" for what the table does not know."""
    for kind in ("families", "system"):
        for family, patterns in table[kind].items():
            if matches(name, patterns):
                return family
    return None if re.fullmatch(r"[a-z_0-9]+", name) else ""


def wrong_family(path, name, table):
    """What is wrong with <name> in the file, or None."""
    family = family_of(name, table)
    if family == "":
        return (f"<{name}> belongs to no family in layers.toml; add it there, "
                "and to the folders that may include it")
    if is_pure(path, table):
        if family in (None, *table["pure"]["families"]):
            return None
        return (f"<{name}> ({family}) in a core, which has no actors, "
                "sockets, threads, files or logs; move it to the shell")
    if family is None or family in table["system"]:
        return None
    folder = innermost(path, table["folder"])
    row = table["folder"][folder]
    if "*" in row["headers"] or family in row["headers"]:
        return None
    if family in row["sources"]:
        return None
    allowed = ", ".join(sorted(row["headers"] + row["sources"]))
    return f"<{name}>: {folder} may include only {allowed}, not {family}"


def includes(root, path):
    """(line, quoted name or None, name in angle brackets or None) of each
    include of a file; <weft/...> counts as the file of ours that it is."""
    text = tree.read(root, path)
    for match in _INCLUDE.finditer(tree.blank(text, ("comment", "raw"))):
        quoted, angled = match.groups()
        if angled and angled.startswith("weft/"):
            quoted, angled = "runtime/include/" + angled, None
        yield tree.line_of(text, match.start()), quoted, angled


def detour(path, root, families, table, seen=None):
    """What a file brings in, itself or by others of ours, of some families:
    "<caf/actor.hpp> (from runtime/caf/x.hpp)", or None."""
    seen = set() if seen is None else seen
    seen.add(path)
    for _, quoted, angled in includes(root, path):
        if angled and family_of(angled, table) in families:
            return f"<{angled}> (from {path})"
        if quoted and quoted not in seen and (root / quoted).is_file():
            found = detour(quoted, root, families, table, seen)
            if found:
                return found
    return None


def brought(path, name, root, table):
    """What is wrong with what our own file `name` brings into another."""
    if is_pure(path, table):
        families = ({*table["families"], *table["system"]}
                    - set(table["pure"]["families"]))
        found = detour(name, root, families, table)
        return f'"{name}" brings {found} into a core' if found else None
    folder = innermost(name, table["folder"])
    private = set(table["folder"][folder]["sources"])
    if within(path, "tests") or within(path, folder) or not private:
        return None
    found = detour(name, root, private, table)
    return (f'"{name}" brings {found} out of {folder}, which keeps it to its '
            "sources and private headers") if found else None


def wrong_folder(path, name, root, table):
    """What is wrong with including our own file `name`, or None."""
    if not (root / name).is_file():
        return (f'"{name}" is no file of ours; write its full path from the '
                'root, such as "runtime/base/result.hpp", and a library\'s '
                "in angle brackets")
    folder = innermost(path, table["folder"])
    other = innermost(name, table["folder"])
    if other is None:
        return f'"{name}" is in no folder of layers.toml; add a row for it'
    allowed = table["folder"][folder]["ours"]
    if is_pure(path, table):
        allowed = [e for e in allowed if e in table["pure"]["ours"]]
    inside = within(name, folder) and other == folder
    anything = "*" in allowed and not within(name, "tests")
    if inside or anything or any(within(name, entry) for entry in allowed):
        return brought(path, name, root, table)
    return (f'"{name}": {folder} may include itself and '
            f'{", ".join(allowed) or "nothing else of ours"}, not {other}')


def check_file(root, path, table):
    """The findings of one file."""
    if innermost(path, table["folder"]) is None:
        yield tree.Finding(path, 0, "its folder has no row in layers.toml; "
                                    "add one that says what it may include")
        return
    for line, quoted, angled in includes(root, path):
        wrong = (wrong_folder(path, quoted, root, table) if quoted
                 else wrong_family(path, angled, table))
        if wrong:
            yield tree.Finding(path, line, wrong)
    macros = table["macros"]
    if path != macros["only"]:
        names = r"\b(?:" + "|".join(macros["names"]) + r")\b"
        text = tree.code_only(tree.read(root, path))
        for match in re.finditer(names, text):
            yield tree.Finding(
                path, tree.line_of(text, match.start()),
                f"{match.group()} outside {macros['only']}, the one place "
                "that knows versions of CAF; add what you need there")
    for spelling in table["spellings"]:
        if any(within(path, place) for place in spelling["allowed"]):
            continue
        text = tree.code_only(tree.read(root, path))
        for match in re.finditer("|".join(spelling["patterns"]), text):
            yield tree.Finding(path, tree.line_of(text, match.start()),
                               f"{match.group()} {spelling['wrong']}")


def check(arguments):
    table = tomllib.loads(arguments.table.read_text())
    paths = tree.files(arguments.root, tree.CPP)
    return len(paths), [finding for path in paths for finding
                        in check_file(arguments.root, path, table)]


if __name__ == "__main__":
    tree.main("layers", check, __doc__, [
        ("--table", dict(type=pathlib.Path, default=_TABLE,
                         help="the rules (default: layers.toml)"))])
