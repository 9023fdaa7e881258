"""Certificates that nobody vouches for."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.hostile.conftest import Outcome, source
from tests.hostile.server import good, hostile, listing
from tests.hostile.test_bodies import texts

Crawl = Callable[..., Outcome]


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's context with a certificate that it wrote itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "town.example")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_of_one_s_own_is_refused_or_written_down(impatient: Crawl, tmp_path: Path) -> None:
    """Nothing is fetched under it; with `tls: insecure` everything is, and every capture says so."""
    routes = {"/list": listing("/d/1"), "/d/1": good(1)}
    with hostile(routes, tls=self_signed(tmp_path)) as server:
        found = impatient(source("town", f"{server.root}/list"))
        assert (found.code, found.run["outcome"], server.heard) == (1, "incomplete", [])
        assert "certificate" in found.reason_said("/list")
        found = impatient(source("town", f"{server.root}/list", "delay: 0", "tls: insecure"))
    assert (found.code, found.run["stored"]) == (0, 1)
    assert texts(tmp_path)["1"]["captures"][-1]["flags"] == ["insecure"]
