"""A picture of the first page of each paper, set from its example: part of `make pictures`.

`python -m tests.paper_pictures` writes docs/pictures/papers/*.png and the page that lists them.
"""

import io
import os
import subprocess
from pathlib import Path

import django
from PIL import Image

FOLDER = Path(__file__).resolve().parents[1] / "docs/pictures/papers"
WIDE = 700
HEAD = """# 文书样张

每种文书第一页的样子，由 `make pictures` 用测试里的样例（示例数据）排出。哪些按公文格式、哪些按执法文书样式，见
[decisions/0060](../../decisions/0060-two-forms-of-papers.md)。
"""


def main() -> None:
    django.setup()
    from tests.workflows.notices.papers import EXAMPLES
    from workflows.notices.documents.typesetting import typeset
    from workflows.notices.letters import letters

    FOLDER.mkdir(parents=True, exist_ok=True)
    titles = {letter.kind.value: letter.title for letter in letters()} | {"service_slip": "送达回证"}
    for kind in titles:
        picture = first_page(typeset(kind, EXAMPLES[kind]))
        (FOLDER / f"{kind}.png").write_bytes(picture)
    (FOLDER / "README.md").write_text(page_of(titles), encoding="utf-8")


def page_of(titles: dict[str, str]) -> str:
    """The page that lists them, two in a row."""
    cells = [f"**{title}**<br>![{title}]({kind}.png)" for kind, title in titles.items()]
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    lines = ["| | |", "| --- | --- |", *("| " + " | ".join([*row, ""][:2]) + " |" for row in rows)]
    return HEAD + "\n" + "\n".join(lines) + "\n"


def first_page(pdf: bytes) -> bytes:
    """In few colours, as a paper has them."""
    done = subprocess.run(
        ["pdftoppm", "-png", "-f", "1", "-l", "1", "-scale-to-x", str(WIDE), "-scale-to-y", "-1", "-"],
        input=pdf, capture_output=True, check=True,
    )  # fmt: skip
    kept = io.BytesIO()
    with Image.open(io.BytesIO(done.stdout)) as page:
        page.convert("RGB").quantize(24, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    main()
