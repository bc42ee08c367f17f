"""Addresses that people type in: none leads to a place that nobody allowed."""

from __future__ import annotations

import httpcore2
import httpx2
import pytest

from service.connectors.outside_address import OutsideHosts
from service.connectors.outside_connection import outside_transport
from service.ports.outside import ForbiddenAddressError

HOSTS = OutsideHosts(
    outside=(
        "hooks.example.org",
        "*.partners.example.com",
        "hooks.example.org:8443",
        "93.184.215.14",
    ),
    inside=("bus.firm.local:8080", "127.0.0.1:9000", "[::1]:9000"),
)
PUBLIC = "93.184.215.14"

FORBIDDEN = (
    # Loopback and our own network, in every spelling
    "https://127.0.0.1/", "https://127.0.0.1:8410/", "http://127.0.0.1:8411/", "https://127.1/",
    "https://127.0.1/", "https://0/", "https://0.0.0.0/", "https://2130706433/",
    "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0x7f.1/", "https://0177.0.0.1/",
    "https://017700000001/", "https://127.0.0.01/", "https://127.0.0.1./", "https://127.000.000.001/",
    "https://localhost/", "https://localhost:9000/", "https://LOCALHOST/", "https://localhost./",
    "https://10.0.0.5/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/",
    "https://100.64.0.1/", "https://198.18.0.1/", "https://192.0.2.1/", "https://203.0.113.9/",
    "https://240.0.0.1/", "https://255.255.255.255/", "https://224.0.0.1/",
    # Where clouds hand out credentials
    "http://169.254.169.254/latest/meta-data/", "https://169.254.169.254/", "https://2852039166/",
    "https://0xa9fea9fe/", "https://0251.0376.0251.0376/", "https://169.254.170.2/",
    "https://100.100.100.200/", "https://192.0.0.192/", "https://168.63.129.16/",
    "https://metadata.google.internal/", "https://[fd00:ec2::254]/",
    # IPv6, and IPv4 inside of it
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/", "https://[::ffff:169.254.169.254]/",
    "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[ff02::1]/",
    "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/", "https://[::127.0.0.1]/", "https://[::1",
    # A user, a fragment or a backslash hides the host
    "https://hooks.example.org@127.0.0.1/", "https://hooks.example.org:pw@127.0.0.1/",
    "https://127.0.0.1@hooks.example.org/", "https://user@hooks.example.org/",
    "https://127.0.0.1#@hooks.example.org/", "https://127.0.0.1?@hooks.example.org/",
    "https://127.0.0.1\\@hooks.example.org/", "https://hooks.example.org\\@127.0.0.1/",
    "https://127.0.0.1%23@hooks.example.org/", "https://127.0.0.1:80@hooks.example.org:443/",
    "https://hooks.example.org%2f@127.0.0.1/", "https://127.0.0.1%00.hooks.example.org/",
    # Characters that parsers read in two ways
    "https://hooks.example.org\t.evil.test/", "https://hooks.example.org\n/", " https://hooks.example.org/",
    "https://hooks.example.org\r\nHost: evil.test/", "https://hooks。example。org/", "https://ⓗooks.example.org/",
    "https://①②⑦.⓪.⓪.①/", "https://hooks.example.org%2eevil.test/", "https://hooks_example_org/",
    "https://hooks.example.org./", "https://.hooks.example.org/", "https:///hooks.example.org/",
    "https:hooks.example.org/", "https:/hooks.example.org/", "//hooks.example.org/",
    # Names and ports that nobody allowed
    "https://hooks.example.org.evil.test/", "https://evilhooks.example.org/", "https://example.org/",
    "https://partners.example.com/", "https://evilpartners.example.com/", "https://hooks.example.org:22/",
    "https://hooks.example.org:6379/", "https://hooks.example.org:0/", "https://hooks.example.org:99999/",
    "https://hooks.example.org:/", "https://xn--hoks-8qa.example.org/", "https://1.1.1.1/",
    # Other schemes
    "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "gopher://127.0.0.1/",
    "javascript:alert(1)", "data:text/plain,x", "unix:///run/docker.sock", "dict://127.0.0.1:11211/",
    "HTTP://127.0.0.1/", "https://", "http://", "", "hooks.example.org", "https://" + "a" * 3_000,
)  # fmt: skip
REBOUND = (
    "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1", "fd00::1",
    "0.0.0.0", "100.64.1.1", "64:ff9b::a00:1", "2002:a00:1::",
)  # fmt: skip


class Network(httpcore2.NetworkBackend):
    """Counts what is connected to, and answers nobody."""

    def __init__(self):
        self.connected = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        del timeout, local_address, socket_options
        self.connected.append((host, port))
        raise httpcore2.ConnectError("nobody is here")


def posted(url, *, addresses=(PUBLIC,)):
    """Post to an address whose host has these addresses; give what was connected to."""
    network = Network()
    transport = outside_transport(HOSTS, resolve=lambda _host, _port: addresses, network=network)
    with httpx2.Client(transport=transport) as http:
        try:
            http.post(url, content=b"secret")
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            return network.connected
    raise AssertionError("it was answered")


def test_the_corpus_is_as_large_as_promised():
    assert len(set(FORBIDDEN)) >= 80


@pytest.mark.parametrize("url", FORBIDDEN)
def test_a_forbidden_address_is_refused_as_it_is_written_and_never_connected_to(url):
    with pytest.raises(ForbiddenAddressError) as refused:
        HOSTS.check(url)
    assert refused.value.remedy
    # Two spellings are mended by the client itself, into the name that is allowed.
    assert set(posted(url)) <= {(PUBLIC, 443)}


@pytest.mark.parametrize("address", REBOUND)
def test_an_allowed_name_that_leads_into_our_network_is_never_connected_to(address):
    assert posted("https://hooks.example.org/in", addresses=(address,)) == []
    assert posted("https://hooks.example.org/in", addresses=(PUBLIC, address)) == []


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://hooks.example.org/in?a=1", 443),
        ("https://hooks.example.org:8443/in", 8443),
        ("https://eu.partners.example.com/", 443),
        ("https://93.184.215.14/", 443),
    ],
)
def test_an_allowed_name_is_connected_to_at_the_address_that_was_checked(url, port):
    assert posted(url) == [(PUBLIC, port)]


def test_a_name_is_resolved_once_so_that_no_second_answer_can_slip_in():
    answers = iter([(PUBLIC,), ("127.0.0.1",)])
    network = Network()
    transport = outside_transport(HOSTS, resolve=lambda *_: next(answers), network=network)
    with httpx2.Client(transport=transport) as http, pytest.raises(httpx2.ConnectError):
        http.post("https://hooks.example.org/in", content=b"secret")
    assert network.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://bus.firm.local:8080/events", ("10.0.0.7",)),
        ("http://127.0.0.1:9000/", ("127.0.0.1",)),
        ("http://[::1]:9000/", ("::1",)),
    ],
)
def test_a_host_of_our_own_network_is_reached_once_it_is_named(url, addresses):
    assert [host for host, _ in posted(url, addresses=addresses)] == list(addresses)


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "fe80::1", "0.0.0.0"])
def test_no_list_makes_the_credentials_of_the_machine_reachable(address):
    assert posted("http://bus.firm.local:8080/events", addresses=(address,)) == []


def test_the_first_address_that_answers_is_taken_and_a_dead_one_passed_over():
    assert posted("https://hooks.example.org/", addresses=(PUBLIC, "93.184.215.15")) == [
        (PUBLIC, 443),
        ("93.184.215.15", 443),
    ]
