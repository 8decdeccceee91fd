"""Fetching what the public would: our own page inside this process, and a school's own address over the network, kept on a short lead.

A stranger types the address, so it may not be used to look into the machine or the network around it: only http and https, only addresses
of the open internet, connected to exactly as they were judged, few redirects each judged anew, one time limit and one size limit.
"""

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

SECONDS = 15.0
MOST_BYTES = 25 * 2**20
MOST_REDIRECTS = 4
ABSENT = (404, 410)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered."""

    status: int
    media_type: str
    data: bytes

    @property
    def absent(self) -> bool:
        return self.status in ABSENT


class Unfetchable(Exception):
    """Why an address could not be fetched, in a sentence."""


# ------------------------------------------------------------------ our own pages


@cache
def _pages() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def is_ours(address: str) -> bool:
    """Whether an address leads to this installation."""
    own, given = urlsplit(settings.BASE_URL), urlsplit(address)
    return (given.scheme, given.netloc.lower()) == (own.scheme, own.netloc.lower())


def fetch_own(path: str) -> Fetched:
    """A page of this installation as anybody signed out gets it: the whole way through every gate, without the network in between."""
    own = urlsplit(settings.BASE_URL)
    port = str(own.port or _PORTS[own.scheme])
    told = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": urlsplit(path).path, "QUERY_STRING": urlsplit(path).query,
        "SERVER_NAME": own.hostname or "localhost", "SERVER_PORT": port, "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": own.netloc,
        "HTTP_X_FORWARDED_PROTO": own.scheme, "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": own.scheme, "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    answer = _pages().get_response(WSGIRequest(told))
    data = answer.content if isinstance(answer, HttpResponse) else b""  # nothing the public may read is streamed
    return Fetched(answer.status_code, str(answer.headers.get("Content-Type", "")).partition(";")[0], data)


# ------------------------------------------------------------------ anybody else's


def of_the_open_internet(address: str) -> bool:
    """Whether an IP address is one that anybody may reach: none of this machine, of a private network, or kept for special use."""
    told = ipaddress.ip_address(address)
    mapped = getattr(told, "ipv4_mapped", None)
    return (mapped or told).is_global and not (mapped or told).is_multicast


def fetch(
    address: str,
    *,
    reachable: Callable[[str], bool] = of_the_open_internet,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Fetched:
    """What an address on the internet answers to a plain GET. Raises Unfetchable, in one sentence, for everything else.

    `reachable` judges each IP address before anything is sent to it; `seconds` holds for everything together, redirects included.
    """
    ends = time.monotonic() + seconds
    for _ in range(MOST_REDIRECTS):
        told, onward = _asked(address, reachable, ends, most_bytes)
        if not onward:
            return told
        address = urljoin(address, onward)
    raise Unfetchable(f"The address leads on more than {MOST_REDIRECTS} times. Record the address it ends at.")


def _asked(address: str, reachable: Callable[[str], bool], ends: float, most_bytes: int) -> tuple[Fetched, str]:
    """One request: the answer, and where it sends us on to, if it does."""
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        scheme = host = ""
    if scheme not in _PORTS or not host:
        raise Unfetchable("The address is no web address that begins with https:// or http://.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _connected(scheme, host, port, reachable, ends) as (connection, given_up):
        try:
            connection.request("GET", target.encode("ascii", "ignore").decode(), headers={"User-Agent": "Schoolgate", "Accept": "*/*"})
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308) and answer.headers.get("Location"):
                return Fetched(answer.status, "", b""), str(answer.headers["Location"])
            data = _body(answer, most_bytes)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            if given_up.is_set():
                raise Unfetchable("The address took too long to answer, so we stopped.") from problem
            raise Unfetchable("The address broke off before it had answered.") from problem
        if given_up.is_set():
            raise Unfetchable("The address took too long to answer, so we stopped.")
    return Fetched(answer.status, answer.headers.get_content_type(), data), ""


def _body(answer: http.client.HTTPResponse, most_bytes: int) -> bytes:
    data = answer.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise Unfetchable(f"The file at the address is larger than {most_bytes // 2**20} MB, so we stopped.")
    length = answer.headers.get("Content-Length", "")
    if length.isdigit() and int(length) != len(data):
        raise http.client.IncompleteRead(data)
    return data


@contextmanager
def _connected(
    scheme: str, host: str, port: int, reachable: Callable[[str], bool], ends: float
) -> Iterator[tuple[http.client.HTTPConnection, threading.Event]]:
    """A connection to an address that was judged, cut when the time has run out even while the other side trickles."""
    plain = _socket(host, port, reachable, ends)
    given_up = threading.Event()

    def cut() -> None:
        given_up.set()
        with suppress(OSError):
            plain.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(max(ends - time.monotonic(), 0.01), cut)
    watch.daemon = True
    watch.start()
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.sock = _secured(plain, host, given_up) if scheme == "https" else plain
        yield connection, given_up
    finally:
        watch.cancel()
        connection.close()
        plain.close()


def _secured(plain: socket.socket, host: str, given_up: threading.Event) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError as problem:  # a wrong certificate is one too
        why = "took too long to answer, so we stopped" if given_up.is_set() else "has no certificate that browsers accept"
        raise Unfetchable(f"The address {why}.") from problem


def _socket(host: str, port: int, reachable: Callable[[str], bool], ends: float) -> socket.socket:
    """Connect to the very address that was judged: a name that answers otherwise a moment later gains nothing."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise Unfetchable(f"There is no server called {host[:100]}.") from problem
    judged = [(family, kind, protocol, told) for family, kind, protocol, _, told in found]
    if not judged or not all(reachable(str(told[0])) for *_, told in judged):
        raise Unfetchable("The address leads into a private network, where the public cannot go.")
    family, kind, protocol, told = judged[0]
    made = socket.socket(family, kind, protocol)
    made.settimeout(max(ends - time.monotonic(), 0.01))
    try:
        made.connect(told)
    except OSError as problem:
        made.close()
        raise Unfetchable("The server at the address did not answer.") from problem
    return made
