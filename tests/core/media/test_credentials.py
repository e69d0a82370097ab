"""Signed outputs, with a chain that the test makes itself."""

import datetime
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from reenactor.errors import InputError, UsageError
from reenactor.media.credentials import Credentials
from reenactor.media.formats import Format
from reenactor.media.join import join
from reenactor.media.mark import SYNTHETIC, is_synthetic

UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    """A root and a signer's certificate of it, with the signer's key."""
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    x509 = pytest.importorskip("cryptography.x509", reason="cryptography is not installed")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def certificate(name: str, key: Any, issuer: str, issuer_key: Any, root: bool) -> bytes:
        def named(text: str) -> Any:
            return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text)])

        begin = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "encipher_only", "decipher_only"), False,
        )  # fmt: skip
        made = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + datetime.timedelta(days=9))
            .add_extension(x509.BasicConstraints(root, None), True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not root, key_cert_sign=root, crl_sign=root, **usage
                ),
                True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False
            )
        )
        if not root:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            made = made.add_extension(purpose, False)
        signed = made.sign(issuer_key, hashes.SHA256())
        return bytes(signed.public_bytes(serialization.Encoding.PEM))

    root_key, key = (ec.generate_private_key(ec.SECP384R1()) for _ in range(2))
    chain = certificate("signer", key, "root", root_key, False)
    chain += certificate("root", root_key, "root", root_key, True)
    (tmp_path / "chain.pem").write_bytes(chain)
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Credentials(tmp_path / "chain.pem", tmp_path / "key.pem")


def read_back(path: Path, kind: str) -> dict[str, Any]:
    import c2pa

    with path.open("rb") as file, c2pa.Reader(kind, file) as reader:
        found: dict[str, Any] = json.loads(reader.json())
    return found


def require_signed(found: dict[str, Any]) -> None:
    """Signature and hashes are right; nothing fails but trust in a root that nobody knows."""
    results = found["validation_results"]["activeManifest"]
    assert "claimSignature.validated" in {one["code"] for one in results["success"]}
    assert {one["code"] for one in results["failure"]} <= {"signingCredential.untrusted"}
    manifest = found["manifests"][found["active_manifest"]]
    actions = next(a for a in manifest["assertions"] if a["label"].startswith("c2pa.actions"))
    assert actions["data"]["actions"][0]["digitalSourceType"] == SYNTHETIC
    assert manifest["signature_info"]["issuer"] == "signer"
    assert "title" not in manifest


@pytest.mark.parametrize(
    ("kind", "media"), [(Format.MP4, "video/mp4"), (Format.MOV, "video/quicktime")]
)
def test_a_signed_video(
    tmp_path: Path,
    kind: Format,
    media: str,
    credentials: Credentials,
    segments: Callable[..., list[Path]],
) -> None:
    credentials.require_usable(kind)
    parts = segments("p", kind, [1001 * n for n in range(5)], [5])
    output = tmp_path / f"a{kind.segment_suffix}"
    join(parts, output, kind, time_base=UNIT, fps=FPS, credentials=credentials)
    require_signed(read_back(output, media))
    assert is_synthetic(output)
    with av.open(str(output)) as file, av.open(str(parts[0])) as part:
        pairs = zip(part.decode(video=0), file.decode(video=0), strict=True)
        assert all(
            np.array_equal(a.to_rgb().to_ndarray(), b.to_rgb().to_ndarray()) for a, b in pairs
        )
    data = bytearray(output.read_bytes())
    data[data.index(b"mdat") + 40] ^= 1
    output.write_bytes(data)
    failed = read_back(output, media)["validation_results"]["activeManifest"]["failure"]
    assert "assertion.bmffHash.mismatch" in {one["code"] for one in failed}


def test_signed_frames(
    tmp_path: Path, credentials: Credentials, segments: Callable[..., list[Path]]
) -> None:
    parts = segments("p", Format.FRAMES, [0, 1001], [2])
    output = tmp_path / "out"
    join(parts, output, Format.FRAMES, time_base=UNIT, fps=FPS, credentials=credentials)
    assert sorted(path.name for path in output.iterdir()) == ["000000.png", "000001.png"]
    for path in output.iterdir():
        require_signed(read_back(path, "image/png"))
        assert is_synthetic(path)


def test_what_cannot_sign_is_told_before_the_work(tmp_path: Path, credentials: Credentials) -> None:
    with pytest.raises(UsageError, match="do not support"):
        credentials.require_usable(Format.WEBM)
    (tmp_path / "none.pem").write_text("no key")
    for certificate, key in (
        (credentials.certificate, tmp_path / "none.pem"),
        (tmp_path / "none.pem", credentials.key),
        (credentials.certificate, tmp_path / "missing.pem"),
    ):
        with pytest.raises(InputError):
            Credentials(certificate, key).require_usable(Format.MP4)
