"""Firefox, driven over Marionette, the protocol it speaks itself: `length:[0, id, command, parameters]` over TCP.

Only what our tests do: go somewhere, wait, click, type, choose files and folders, look.
https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

import base64
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

Found = TypeVar("Found")
PATIENCE_SECONDS = 60.0
_START_SECONDS = 90.0
_PAUSE_SECONDS = 0.05
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how WebDriver names a reference to an element

# A profile that asks nobody outside this machine, and shows nothing of its own.
_PREFERENCES: dict[str, bool | int | str] = {
    "marionette.port": 0,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "geo.provider.network.url": "",
    "intl.accept_languages": "ko-KR,ko",
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.http.speculative-parallel-limit": 0,
    "security.dialog_enable_delay": 0,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "signon.rememberSignons": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "toolkit.telemetry.server": "",
}

# What stands in for the system's dialog: it has picked a folder at once. All that follows is Firefox's own.
_FOLDER_DIALOG = """
const [path] = arguments;
const folder = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
folder.initWithPath(path);
const dialog = {
  QueryInterface: ChromeUtils.generateQI(["nsIFilePicker"]),
  init(_context, _title, mode) { this.mode = mode; },
  appendFilters() {}, appendFilter() {}, appendRawFilter() {},
  file: folder, fileURL: Services.io.newFileURI(folder), filterIndex: 0,
  isModeSupported(_mode) { return Promise.resolve(true); },
  open(done) { Services.tm.dispatchToMainThread(() => done.done(Ci.nsIFilePicker.returnOK)); },
  close() {},
};
const registrar = Components.manager.QueryInterface(Ci.nsIComponentRegistrar);
registrar.registerFactory(
  Services.uuid.generateUUID(), "", "@mozilla.org/filepicker;1",
  { QueryInterface: ChromeUtils.generateQI(["nsIFactory"]), createInstance: (iid) => dialog.QueryInterface(iid) },
);
"""


class MarionetteError(AssertionError):
    """What Firefox answered instead of doing it."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.kind = error["error"]
        super().__init__(f"{self.kind}: {error['message']}")


class Firefox:
    """A running Firefox with one tab."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._count = 0
        self._read()  # it introduces itself
        self.ask(
            "WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"unhandledPromptBehavior": "ignore"}}}
        )

    def ask(self, command: str, parameters: dict[str, Any] | None = None) -> Any:
        """Do something, and have the answer.

        Raises:
            MarionetteError: it can't be done.
        """
        self._count += 1
        message = json.dumps([0, self._count, command, parameters or {}]).encode()
        self._connection.sendall(b"%d:%b" % (len(message), message))
        _, number, error, answer = self._read()
        assert number == self._count
        if error is not None:
            raise MarionetteError(error)
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._receive(1)
        return json.loads(self._receive(int(length[:-1])))

    def _receive(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            part = self._connection.recv(count - len(data))
            if not part:
                raise MarionetteError({"error": "connection closed", "message": "Firefox has ended"})
            data += part
        return bytes(data)

    def visit(self, url: str) -> None:
        self.ask("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *arguments: Any, privileged: bool = False) -> Any:
        """What a script returns, of the page or of Firefox itself."""
        if privileged:
            self.ask("Marionette:SetContext", {"value": "chrome"})
        try:
            return self.ask("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)})
        finally:
            if privileged:
                self.ask("Marionette:SetContext", {"value": "content"})

    def find(self, selector: str) -> str:
        """The element that a CSS selector names."""
        return self.ask("WebDriver:FindElement", {"using": "css selector", "value": selector})[_ELEMENT]

    def button(self, text: str) -> str:
        """The visible button or link whose text begins so."""
        return self._visible("button, a", text)

    def label(self, text: str) -> str:
        """The visible label that begins so."""
        return self._visible("label", text)

    def _visible(self, selector: str, text: str) -> str:
        script = """
            const [selector, text] = arguments;
            return [...document.querySelectorAll(selector)]
              .find((one) => one.checkVisibility() && one.textContent.trim().startsWith(text)) ?? null;
        """
        found = self.run(script, selector, text)
        if found is None:
            raise MarionetteError({"error": "no such element", "message": text})
        return found[_ELEMENT]

    def click(self, element: str) -> None:
        self.ask("WebDriver:ElementClick", {"id": element})

    def type(self, element: str, text: str) -> None:
        self.ask("WebDriver:ElementSendKeys", {"id": element, "text": text})

    def choose_files(self, element: str, *files: Path) -> None:
        """Choose files in an `<input type=file>`."""
        self.type(element, "\n".join(str(file) for file in files))

    def choose_folder(self, opener: str, folder: Path) -> None:
        """Press what opens the dialog for a folder, pick one, and confirm that its files may be read."""
        self.run(_FOLDER_DIALOG, str(folder), privileged=True)
        self.click(opener)
        self.wait_for(lambda: self.ask("WebDriver:AcceptAlert") is None)

    def text(self, selector: str = "body") -> str:
        """What can be read there."""
        return self.ask("WebDriver:GetElementText", {"id": self.find(selector)})

    def picture(self) -> bytes:
        """What can be seen, as PNG."""
        return base64.b64decode(self.ask("WebDriver:TakeScreenshot", {"full": True, "hash": False}))

    def wait_for(self, ask: Callable[[], Found], seconds: float = PATIENCE_SECONDS) -> Found:
        """The first answer that is true; what can't be done yet is asked again.

        Raises:
            AssertionError: it did not come in time.
        """
        until = time.monotonic() + seconds
        while True:
            problem = ""
            try:
                if answer := ask():
                    return answer
            except MarionetteError as error:
                problem = str(error)
            assert time.monotonic() < until, f"not within {seconds:.0f} s. {problem}"
            time.sleep(_PAUSE_SECONDS)

    def wait_for_text(self, text: str, selector: str = "body") -> None:
        self.wait_for(lambda: text in self.text(selector))


@contextmanager
def started(program: str) -> Generator[Firefox]:
    """A Firefox without a window, with an empty profile; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="dojang-firefox-", ignore_cleanup_errors=True) as home:
        profile = Path(home) / "profile"
        profile.mkdir()
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()
        ]
        (profile / "user.js").write_text("\n".join(lines))
        process = subprocess.Popen(
            [program, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote",
             "--profile", str(profile), "about:blank"],
            env=os.environ | {"HOME": home, "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            with socket.create_connection(("127.0.0.1", _port(process, profile))) as connection:
                connection.settimeout(PATIENCE_SECONDS * 2)
                yield Firefox(connection)
        finally:
            # Its processes for contents are its children, in the same group.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _port(process: subprocess.Popen[bytes], profile: Path) -> int:
    """Where it listens: it chose a free port itself, and wrote it down."""
    file = profile / "MarionetteActivePort"
    until = time.monotonic() + _START_SECONDS
    while not (file.exists() and file.read_text().strip()):
        assert process.poll() is None, f"firefox ended ({process.returncode})"
        assert time.monotonic() < until, "firefox did not start in time"
        time.sleep(_PAUSE_SECONDS)
    return int(file.read_text())
