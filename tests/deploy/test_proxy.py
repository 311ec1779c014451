"""The proxy: nginx takes the configuration, with a certificate of this test's own."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tools_of_deploy import DEPLOY, checked, tool

from docket_runtime.settings import Settings
from ticket_api.http.limits import MAX_BODY

CONF = (DEPLOY / "nginx/docket.conf").read_text("utf-8")
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/docket.conf;
}}
"""


def test_nginx_takes_it(tmp_path: Path) -> None:
    nginx = tool("nginx")
    make_certificate(tmp_path)
    conf = CONF.replace("/etc/ssl/docket", str(tmp_path))
    (tmp_path / "docket.conf").write_text(conf, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path), encoding="utf-8")

    checked(nginx, "-t", "-q", "-p", tmp_path, "-c", tmp_path / "nginx.conf")


def test_its_limits_are_those_of_ticket_api() -> None:
    settings = Settings()
    seconds = {name: int(s) for name, s in re.findall(r"(\w+_timeout) (\d+)s;", CONF)}
    bodies = [
        int(size) * {"m": 1024**2, "g": 1024**3}[unit]
        for size, unit in re.findall(r"client_max_body_size (\d+)([mg]);", CONF)
    ]

    assert bodies[0] > MAX_BODY
    assert bodies[1] >= settings.file_max_bytes
    assert seconds["keepalive_timeout"] < settings.http_idle_s
    assert seconds["proxy_read_timeout"] > settings.analysis_s


def make_certificate(folder: Path) -> None:
    """Write a certificate that nobody trusts, and its key."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "support.example")])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=3650))
        .sign(key, None)
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "privkey.pem").write_bytes(pem)
