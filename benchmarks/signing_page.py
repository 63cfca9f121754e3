"""How fast the page signs: 1,000 documents in Debian's chromium, alone and with a server of its contract.

`PYTHONPATH=tests python benchmarks/signing_page.py [count]`, since it opens the page as the tests do. The bar is 1,000 signed in less than four seconds on two cores.
"""

import sys
import tempfile
import time
from base64 import b64encode
from pathlib import Path

import table
from browsers import chromium
from dojang.service.signing import release
from service.signing.harness import serving
from service.signing_page import (
    PASSPHRASE,
    context_of,
    enter,
    expect_issued,
    identity,
    office,
    pick_folder,
    write_folder,
)

BAR = 4.0

# In the page and with its modules, but without its server: reading, octets, digest, signature, verification.
SIGN = """async ({place, files, passphrase, count}) => {
  const [{ findKeys }, { readXml }, { sign }, { utf8, fromBase64 }] = await Promise.all(
    ["found", "kecxml", "kecsign", "bytes"].map((name) => import(`${place}/${name}.js`)));
  const picked = files.map(({ name, content }) => {
    const bytes = fromBase64(content);
    return { name, path: `a/${name}`, size: bytes.length, bytes: async () => bytes.slice() };
  });
  const context = JSON.parse(document.getElementById("context").textContent);
  const headers = { "X-CSRFToken": context.csrf, "Content-Type": "application/json" };
  const body = JSON.stringify({ invoices: context.invoices.slice(0, 100) });
  const { orders } = await (await fetch(context.urls.orders, { method: "POST", headers, body })).json();
  let started = performance.now();
  const [found] = await findKeys(picked, { at: new Date() });
  const key = await found.open(passphrase);
  const opened = performance.now() - started;
  started = performance.now();
  for (let at = 0; at < count; at += 20) {
    const some = Array.from({ length: Math.min(20, count - at) }, (_, next) => orders[(at + next) % orders.length]);
    await Promise.all(some.map(({ xml }) => sign(readXml(utf8(xml)), key)));
  }
  return { opened: opened / 1000, signed: (performance.now() - started) / 1000 };
}"""


def main(count: int = 1000) -> None:
    """Print what was measured; the exit status says whether the bar was met."""
    with tempfile.TemporaryDirectory() as disk:
        folder = write_folder(Path(disk), identity())
        files = [
            {"name": path.name, "content": b64encode(path.read_bytes()).decode()}
            for path in folder.rglob("sign*")
        ]
        server = office(count)
        with serving(server) as url, chromium() as browser, context_of(browser) as context:
            page = context.new_page()
            place = f"{release.ROOT}/{release.current().version}"
            started = time.perf_counter()
            page.goto(f"{url}/sign")
            page.get_by_role("button", name="인증서 폴더 선택").wait_for()
            shown = time.perf_counter() - started
            asked = {"place": place, "files": files, "passphrase": PASSPHRASE, "count": count}
            alone = page.evaluate(SIGN, asked)
            pick_folder(page, folder)
            started = time.perf_counter()
            enter(page)
            expect_issued(page, count)
            whole = time.perf_counter() - started
    limit = BAR * count / 1000
    met = alone["signed"] <= limit
    table.row(f"signing page: {count:,} documents ordered, read, shown", f"{shown:.2f} s")
    table.row("signing page: certificate opened", f"{alone['opened']:.2f} s")
    table.row("signing page: signed and verified", f"{alone['signed']:.2f} s", bar=f"< {limit:g} s", met=met)
    # The test's server verifies each.
    table.row("signing page: passphrase to all handed in", f"{whole:.2f} s")
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
