"""A real Chromium without a window, driven by its DevTools protocol over two pipes.

`--remote-debugging-pipe` needs neither a port nor a WebSocket: messages are JSON, each ended by
a zero byte, read by the browser from descriptor 3 and written to descriptor 4
(content/browser/devtools/devtools_pipe_handler.cc).
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_PATIENCE = 30.0
_ABOVE_THE_PIPES = 10
_SWITCHES = (
    *("--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-dev-shm-usage", "--disable-background-networking", "--disable-extensions"),
    *("--disable-component-update", "--force-color-profile=srgb", "--hide-scrollbars"),
)
_KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    " ": (32, " "),
    "PageUp": (33, ""),
    "PageDown": (34, ""),
    "End": (35, ""),
    "Home": (36, ""),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
    "Tab": (9, ""),
    "/": (191, "/"),
}
"""Windows key codes, and the text that the key makes (DOM UI Events)."""

CTRL = 2


def chromium() -> str | None:
    """Return the path of a Chromium: that of `ARCHGUARD_CHROMIUM`, or one of this system."""
    named = os.environ.get("ARCHGUARD_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A running Chromium; `page` opens a page in it."""

    def __init__(self, program: str) -> None:
        self._home = tempfile.mkdtemp(prefix="chromium-")
        to_browser, self._writing = os.pipe()
        self._reading, from_browser = os.pipe()
        ends = [fcntl.fcntl(e, fcntl.F_DUPFD, _ABOVE_THE_PIPES) for e in (to_browser, from_browser)]

        def place_the_pipes() -> None:
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self._process = subprocess.Popen(
            [program, *_SWITCHES, f"--user-data-dir={self._home}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self._home},
            preexec_fn=place_the_pipes,  # noqa: PLW1509 - the numbers are Chromium's
            pass_fds=(3, 4),
            start_new_session=True,
        )
        for end in (to_browser, from_browser, *ends):
            os.close(end)
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Browser:  # noqa: PYI034 - Python 3.10 has no Self
        """Start with a browser that answers."""
        try:
            self.ask("Browser.getVersion")
        except (OSError, TimeoutError):
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError, TimeoutError):
            self.ask("Browser.close")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._writing)
        os.close(self._reading)
        shutil.rmtree(self._home, ignore_errors=True)

    def ask(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Send a command, and return what the browser answers."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._writing, data) :]
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                found: dict[str, Any] = answer["result"]
                return found
            self.events.append(answer)

    def wait_for(self, method: str, session: str) -> None:
        """Wait until the page tells of it."""
        while not any(
            e.get("method") == method and e.get("sessionId") == session for e in self.events
        ):
            self.events.append(self._next())

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + _PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._reading], [], [], max(0, end - time.monotonic()))
            data = os.read(self._reading, 1 << 20) if ready else b""
            if not data:
                msg = f"Chromium does not answer (exit code {self._process.poll()})"
                raise TimeoutError(msg)
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def page(self, file: Path, *, width: int = 1280, height: int = 900, **media: str) -> Page:
        """Open a file; `media` are CSS media features with `_` for `-`; `script=off` is without."""
        return Page(self, file, (width, height), media)


class Page:
    """One page, with all that it asked for and all that went wrong in it."""

    def __init__(
        self, browser: Browser, file: Path, size: tuple[int, int], media: dict[str, str]
    ) -> None:
        self._browser = browser
        self._target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.ask("Target.attachToTarget", targetId=self._target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        if media.pop("script", "on") == "off":
            self.ask("Emulation.setScriptExecutionDisabled", value=True)
        self.resize(*size)
        features = [{"name": k.replace("_", "-"), "value": v} for k, v in media.items()]
        self.ask("Emulation.setEmulatedMedia", features=features)
        self.ask("Page.navigate", url=file.resolve().as_uri())
        browser.wait_for("Page.loadEventFired", self._session)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command for this page."""
        return self._browser.ask(method, self._session, **parameters)

    def resize(self, width: int, height: int) -> None:
        """Make the window as large as this."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def value(self, expression: str) -> Any:
        """Return what an expression of JavaScript is in the page."""
        answer = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, *keys: str, modifiers: int = 0) -> None:
        """Press keys by their names, one after another."""
        for key in keys:
            code, text = _KEYS[key]
            event = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
            kind = "keyDown" if text else "rawKeyDown"
            self.ask("Input.dispatchKeyEvent", type=kind, text=text, **event)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **event)

    def write(self, text: str) -> None:
        """Write text where the focus is."""
        self.ask("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of the first element that fits."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.value(f"{element}.scrollIntoView({{block: 'center'}})")
        self.picture()  # all is drawn where it stays
        box = self.value(
            f"(b => [b.x + b.width / 2, b.y + b.height / 2])({element}.getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box[0],
                y=box[1],
                button="left",
                clickCount=1,
            )

    def picture(self, *, whole: bool = False) -> bytes:
        """Return what can be seen as PNG; `whole` is the page down to its end."""
        answer = self.ask("Page.captureScreenshot", captureBeyondViewport=whole)
        return base64.b64decode(answer["data"])

    def picture_of(self, selector: str) -> bytes:
        """Return one element as PNG."""
        box = self.value(
            "(b => ({x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height}))"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
        )
        clip = {**box, "scale": 1}
        answer = self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(answer["data"])

    def close(self) -> None:
        """Close it, and forget what it told."""
        self._browser.ask("Target.closeTarget", targetId=self._target)
        events = self._browser.events
        events[:] = [e for e in events if e.get("sessionId") != self._session]

    @property
    def requests(self) -> list[str]:
        """The addresses that the page asked for, itself included."""
        return [e["params"]["request"]["url"] for e in self._told("Network.requestWillBeSent")]

    @property
    def blocked(self) -> list[str]:
        """Why requests were not made, such as `csp`."""
        failed = [event["params"] for event in self._told("Network.loadingFailed")]
        return [str(each.get("blockedReason")) for each in failed]

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the console, of the policy, and of the script."""
        self.value("1")  # whatever was told before this is here now
        methods = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        return [json.dumps(e["params"]) for method in methods for e in self._told(method)]

    def _told(self, method: str) -> list[dict[str, Any]]:
        events = self._browser.events
        mine = [e for e in events if e.get("sessionId") == self._session]
        return [e for e in mine if e.get("method") == method]
