"""A small real LDAP responder and a web server on loopback sockets, for tests of fetching."""

import io
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from dojang.npki import der

SUCCESS, NO_SUCH_OBJECT, STRONGER_AUTH = 0, 32, 8


def parts(content):
    """The (tag number, content) of each value in a row, without the reader that is to be tested."""
    found, stream = [], io.BytesIO(content)
    while header := stream.read(2):
        tag, length = header
        if length & 0x80:
            length = int.from_bytes(stream.read(length & 0x7F))
        found.append((tag & 0x1F, stream.read(length)))
    return found


def result(message_id, tag, code=SUCCESS):
    outcome = der.encode(tag, der.encode(0x0A, bytes((code,))), der.octet_string(b""), der.octet_string(b""))
    return der.sequence(der.integer(message_id), outcome)


def entry(message_id, name, attribute, *values):
    held = der.sequence(der.octet_string(attribute), der.encode(0x31, *map(der.octet_string, values)))
    return der.sequence(
        der.integer(message_id), der.encode(0x64, der.octet_string(name.encode()), der.sequence(held))
    )


class Directory:
    """Answers binds and base searches like a directory server; `entries` maps DN to (attribute, value).

    `say` may replace the answer to a search: it is called with (message id, DN) and gives octets.
    """

    def __init__(self, entries, *, bind_code=SUCCESS, say=None):
        self.entries, self.bind_code, self.say = entries, bind_code, say
        self.asked = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                try:
                    self._converse(connection, stream)
                except (OSError, ValueError):
                    continue

    def _converse(self, connection, stream):
        while header := stream.read(2):
            octets = stream.read(header[1] & 0x7F) if header[1] & 0x80 else b""
            length = int.from_bytes(octets) if octets else header[1]
            number, operation = parts(stream.read(length))
            message_id = int.from_bytes(number[1])
            tag, content = operation
            if tag == 0:
                connection.sendall(result(message_id, 0x61, self.bind_code))
            elif tag == 3:
                self._search(connection, message_id, content)
            else:
                return

    def _search(self, connection, message_id, content):
        name = parts(content)[0][1].decode()
        self.asked.append((name, content))
        if self.say:
            connection.sendall(self.say(message_id, name))
            return
        if name not in self.entries:
            connection.sendall(result(message_id, 0x65, NO_SUCH_OBJECT))
            return
        attribute, *values = self.entries[name]
        connection.sendall(entry(message_id, name, attribute, *values) + result(message_id, 0x65))

    def close(self):
        self._listener.close()


@contextmanager
def directory(entries=None, **options):
    server = Directory(entries or {}, **options)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def web(pages):
    """A web server whose `pages` map path to (status, headers, body)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = pages[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
