"""Connections outside: to the address that was checked, under the name that was asked for."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.connectors.outside_address import OutsideHosts
from service.connectors.outside_connection import outside_transport

NAME = "hooks.example.org"
BODY = b"hello"


@pytest.fixture
def certificate(tmp_path):
    """A certificate for the name, signed by itself, in a file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def tls_server(certificate, seen):
    """Answer one request; note the name that TLS was asked for, and what was sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve():
        connection, _ = listener.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as safe:
                sent = b""
                while not sent.endswith(BODY):
                    sent += safe.recv(4_096)
                seen.append(sent.decode())
                safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except ssl.SSLError:
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


def post(name, port, *, trusted):
    transport = outside_transport(
        OutsideHosts(inside=(f"{name}:{port}",)),
        resolve=lambda _host, _port: ("127.0.0.1",),
        trusted=trusted,
    )
    with httpx2.Client(transport=transport, trust_env=False) as http:
        return http.post(f"https://{name}:{port}/in", content=BODY).text


def test_tls_and_the_host_header_name_whom_was_asked_for_not_the_address(certificate):
    trusted, seen = ssl.create_default_context(cafile=certificate), []
    with tls_server(certificate, seen) as port:
        assert post(NAME, port, trusted=trusted) == "ok"
    assert seen[0] == NAME
    assert f"host: {NAME}:{port}" in seen[1].lower()


def test_a_server_that_cannot_prove_the_name_is_not_spoken_to(certificate):
    trusted, seen = ssl.create_default_context(cafile=certificate), []
    with (
        tls_server(certificate, seen) as port,
        pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        post("other.example.org", port, trusted=trusted)
    assert len(seen) == 1
