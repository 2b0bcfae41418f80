"""Numbers of persons that may stand in this repository: specimens that are nobody's. Everything else is refused.

Asked by tests/test_specimens.py over all files, and before a commit over the files in it (.pre-commit-config.yaml).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

# Running text; a digit or letter beside it makes it a piece of something longer (a credit code, a hash).
CITIZEN = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z.+/=])1[3-9][0-9]{9}(?![0-9A-Za-z+/=])")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# The example that GB 11643 itself prints.
OF_THE_STANDARD = "11010519491231002X"
PHONES = re.compile(
    r"138001380[0-9]{2}|1380000000[0-9]|13900000001|15000000012|13812345678|138047300(12|99)|15847300123|13800990012"
)


def strangers(text: str) -> Iterator[str]:
    """Numbers in a text that might be a living person's.

    Nobody's are: a citizen's number with a wrong check character, of somebody born in 1900, or the standard's own;
    the mobile numbers listed above.
    """
    for found in CITIZEN.findall(text):
        number = found.upper()
        total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
        is_real = "10X98765432"[total % 11] == number[17] and number[6:10] in map(str, range(1901, 2100))
        if is_real and number != OF_THE_STANDARD:
            yield found
    yield from (found for found in MOBILE.findall(text) if not PHONES.fullmatch(found))


def main(names: list[str]) -> int:
    """Prints file and line of each stranger, the number itself cut short; 1 if there is one."""
    found = 0
    for name in names:
        lines = Path(name).read_text(encoding="utf-8", errors="replace").splitlines()
        for at, line in enumerate(lines, 1):
            for number in strangers(line):
                print(f"{name}:{at}: {number[:3]}… could be somebody's; take a specimen (tests/specimens.py)")
                found += 1
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
