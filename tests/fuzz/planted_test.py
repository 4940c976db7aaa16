"""Whether the driver of the fuzz targets finds a planted defect, keeps the input
and fails: planted_test.py PROGRAM CORPUS."""

import pathlib
import subprocess
import sys


def main(program, corpus):
    kept = pathlib.Path(program + ".input")
    kept.unlink(missing_ok=True)
    done = subprocess.run([program, corpus, "200000"], capture_output=True,
                          timeout=100, check=False)
    told = done.stderr.decode(errors="replace")
    print(done.stdout.decode(errors="replace"), told)
    wrong = []
    if done.returncode != 1:
        wrong.append(f"exit code {done.returncode}, expected 1")
    if f"the input is kept in {kept}" not in told:
        wrong.append(f"it does not say that {kept} is kept")
    if not kept.exists() or not kept.read_bytes().endswith(b"\xa5"):
        wrong.append(f"{kept} is not what the target fails on")
    return "; ".join(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) or 0)
