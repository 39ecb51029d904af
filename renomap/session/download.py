"""One answer of a web service: within a deadline, from the host that was asked, no longer than allowed."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import IO, Any, Final
from urllib.parse import SplitResult, urlsplit

from renomap import __version__

_PORTS: Final = {"http": 80, "https": 443}


class Download:
    """A request that ends: with the whole answer, by its deadline, or because it was stopped.

    A time limit of a socket counts from one byte to the next, so that a service that sends a byte a second
    never meets it. Here the connection is closed when the time of the whole request is over.
    """

    def __init__(self, url: str, seconds: float, largest: int) -> None:
        self._url, self._seconds, self._largest = url, seconds, largest
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._stopped = False

    def read(self) -> bytes:
        """The answer; blocks at most for the seconds given, but for the system's own look-up of the name.

        Raises OSError where there is no answer, it redirects to another host, the time is over or ``stop``
        was called; ValueError (``http.client.HTTPException`` among others is made one) for an answer that is
        none, cut short or larger than allowed.
        """
        request = urllib.request.Request(self._url, headers={"User-Agent": f"renomap/{__version__}"})
        opener = urllib.request.build_opener(_Http(self._opened), _Https(self._opened), _SameHost())
        clock = threading.Timer(self._seconds, self.stop)
        clock.daemon = True
        clock.start()
        try:
            with opener.open(request, timeout=self._seconds) as answer:
                data: bytes = answer.read(self._largest + 1)
                whole = not answer.length  # what is missing of the length that was announced
        except http.client.HTTPException as error:
            raise ValueError(str(error)) from error
        finally:
            clock.cancel()
        if self._stopped:
            raise TimeoutError(self._url)
        if len(data) > self._largest or not whole:
            raise ValueError("too large or cut short")
        return data

    def stop(self) -> None:
        """End it now, from any thread."""
        with self._lock:
            self._stopped = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _opened(self, opened: socket.socket) -> None:
        with self._lock:
            self._socket = opened
            if self._stopped:
                raise TimeoutError(self._url)


Opened = Callable[[socket.socket], None]


class _Http(urllib.request.HTTPHandler):
    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._tell = opened

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_told(http.client.HTTPConnection, self._tell), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, opened: Opened) -> None:
        super().__init__(context=_certificates())
        self._tell = opened

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        kind = _told(http.client.HTTPSConnection, self._tell)
        return self.do_open(kind, req, context=_certificates())


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities this machine trusts; to read them takes longer than a tile."""
    return ssl.create_default_context()


def _told(kind: type[http.client.HTTPConnection], opened: Opened) -> Any:
    """The kind of connection, which tells its socket as soon as there is one."""

    class Connection(kind):  # type: ignore[misc, valid-type]
        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    return Connection


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a service within its own host only; what leads elsewhere is an answer without a picture."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _same_host(urlsplit(req.full_url), urlsplit(newurl)):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _same_host(old: SplitResult, new: SplitResult) -> bool:
    """Whether one server answers both; it may move from http to https, never back."""
    if old.hostname != new.hostname or new.scheme not in _PORTS:
        return False
    ports = [each.port or _PORTS[each.scheme] for each in (old, new)]
    if new.scheme == old.scheme:
        return ports[0] == ports[1]
    return new.scheme == "https" and ports == [_PORTS["http"], _PORTS["https"]]
