"""Open pages, as a process of its own: connects and prints how many are up and how many were refused, then when the last
page heard each hint."""

import asyncio
import base64
import os
import sys
import time


async def open_page(port: int, path: str, cookie: str) -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Cookie: sessionid={cookie}\r\n\r\n".encode()
    )
    answer = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in answer.split(b"\r\n", 1)[0]:
        raise ConnectionError(answer[:80])
    reader.writer = writer  # type: ignore[attr-defined]  # or the connection would be collected and closed
    return reader


async def hear(reader: asyncio.StreamReader) -> float:
    head = await reader.readexactly(2)
    await reader.readexactly(head[1] & 0x7F)
    return time.monotonic()


async def main(port: int, path: str, pages: int, hints: int, cookie: str) -> None:
    readers: list[asyncio.StreamReader] = []
    refused = 0
    for start in range(0, pages, 50):
        some = (open_page(port, path, cookie) for _ in range(min(50, pages - start)))
        answers = await asyncio.gather(*some, return_exceptions=True)
        readers += [answer for answer in answers if isinstance(answer, asyncio.StreamReader)]
        refused += sum(isinstance(answer, BaseException) for answer in answers)
    print(f"open {len(readers)} {refused}", flush=True)
    for _ in range(hints):
        heard = await asyncio.gather(*(hear(reader) for reader in readers))
        print(f"{sorted(heard)[len(heard) // 2]} {max(heard)}", flush=True)


if __name__ == "__main__":
    port, path, pages, hints, *cookie = sys.argv[1:]
    asyncio.run(main(int(port), path, int(pages), int(hints), "".join(cookie)))
