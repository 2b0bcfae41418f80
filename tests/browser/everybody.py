"""What axe calls serious or critical of what a page shows: somebody could not use it."""

from playwright.sync_api import Page

from tests.conftest import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# Told in few words: what axe knows of a page besides is megabytes, and all of it would come over to us.
ASKED = """async () => (await axe.run({resultTypes: ['violations']})).violations
  .filter((one) => one.impact === 'serious' || one.impact === 'critical')
  .map((one) => one.id + ' ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join('; '))"""


def serious(page: Page) -> list[str]:
    """Names of the rules that what is shown now breaks, each with the first parts of the page that do."""
    if not page.evaluate("typeof axe === 'object'"):
        # Its script is half a megabyte: told once, each later page begins with it. It answers with itself.
        page.evaluate(f"{AXE.read_text()}; null")
        page.add_init_script(path=AXE)
    found: list[str] = page.evaluate(ASKED)
    return found
