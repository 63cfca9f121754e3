"""Small PNG files: a browser's picture with at most 256 colours. The browser counts them; here they are written."""

import base64
import struct
import zlib

from playwright.sync_api import Page

# Colours that are nearly the same are one: the mean of each of the 256 most used cells of a grid, else the nearest of them.
_REDUCE = """async (picture) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const cellOf = (at) => ((data[at] >> 3) << 10) | ((data[at + 1] >> 3) << 5) | (data[at + 2] >> 3);
  const cells = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const cell = cellOf(at);
    const sum = cells.get(cell) ?? [0, 0, 0, 0];
    sum[0] += 1;
    for (const part of [0, 1, 2]) sum[part + 1] += data[at + part];
    cells.set(cell, sum);
  }
  const used = [...cells].sort(([, one], [, other]) => other[0] - one[0]).slice(0, 256);
  const palette = used.map(([, [count, ...sums]]) => sums.map((sum) => Math.round(sum / count)));
  const nearest = new Map(used.map(([cell], place) => [cell, place]));
  const indices = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at += 4) {
    const cell = cellOf(at);
    if (!nearest.has(cell)) {
      const far = palette.map((colour) => colour.reduce((sum, part, i) => sum + (part - data[at + i]) ** 2, 0));
      nearest.set(cell, far.indexOf(Math.min(...far)));
    }
    indices[at / 4] = nearest.get(cell);
  }
  let text = "";
  for (let at = 0; at < indices.length; at += 8192) text += String.fromCharCode(...indices.subarray(at, at + 8192));
  return { width, height, palette, indices: btoa(text) };
}"""


def reduced(picture: bytes, *, page: Page) -> bytes:
    """A PNG with a palette; `page` is any page whose policy lets it read a `data:` address."""
    found = page.evaluate(_REDUCE, base64.b64encode(picture).decode())
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["indices"])
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, width * height, width))
    colours = b"".join(bytes(colour) for colour in found["palette"])
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
