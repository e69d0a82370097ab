"""Content credentials (C2PA): a signed statement in a file of who made it and how.

They are written by the package `c2pa-python` with the user's certificate. https://c2pa.org
"""

import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from reenactor import __version__
from reenactor.errors import InputError, PluginError, UsageError
from reenactor.inputs import require_regular_file
from reenactor.media.files import input_error
from reenactor.media.formats import Format
from reenactor.media.mark import SYNTHETIC
from reenactor.media.photo import as_png

Stream = io.BufferedIOBase

_TYPES = {Format.MP4: "video/mp4", Format.MOV: "video/quicktime", Format.FRAMES: "image/png"}


@dataclass(frozen=True)
class Credentials:
    """A certificate chain, the signer's certificate first, and its private key, as PEM files."""

    certificate: Path
    key: Path

    @property
    def paths(self) -> dict[str, Path]:
        """The files, by their names in messages."""
        return {"certificate": self.certificate, "private key": self.key}

    def require_usable(self, kind: Format) -> None:
        """Make sure, before any work, that outputs of this kind can be signed.

        Raises:
            UsageError: the format does not support credentials.
            PluginError: `c2pa-python` is not installed.
            InputError: certificate or key cannot be read, or do not match.
        """
        if kind not in _TYPES:
            raise UsageError(
                f"{kind.value} files do not support content credentials",
                given="--certificate",
                expected=".mp4, .mov, or PNG frames",
            )
        _ = self._signer

    def sign(self, path: Path, kind: Format) -> None:
        """Add a signed statement to a finished file."""
        other = path.with_name(f"{path.name}.signed")
        try:
            with path.open("rb") as source, other.open("w+b") as target:
                self._write(self._signer, _TYPES[kind], source, target)
            other.replace(path)
        finally:
            other.unlink(missing_ok=True)

    @cached_property
    def _signer(self) -> Any:
        """The signer, with the first algorithm that works with the key."""
        try:
            import c2pa
        except ImportError as error:
            raise PluginError(
                "content credentials need a package that is not installed",
                given=f"no {error.name}",
                advice="pip install 'reenactor[c2pa]'",
            ) from error
        contents = []
        for path in self.paths.values():
            require_regular_file(path)
            try:
                contents.append(path.read_bytes())
            except OSError as error:
                raise input_error(path, error) from error
        picture = as_png(np.zeros((1, 1, 3), np.uint8))
        why = ""
        for algorithm in c2pa.C2paSigningAlg:
            try:
                signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(algorithm, *contents, None))
                self._write(signer, _TYPES[Format.FRAMES], io.BytesIO(picture), io.BytesIO())
            except c2pa.C2paError as error:
                why = str(error)
            else:
                return signer
        raise InputError(
            "cannot sign with this certificate and key",
            given=f"{self.certificate}, {self.key} ({why})",
            expected="PEM files: a certificate chain for C2PA, the signer's certificate first, and "
            "its private key without a password",
        )

    @staticmethod
    def _write(signer: Any, kind: str, source: Stream, target: Stream) -> None:
        import c2pa

        action = {"action": "c2pa.created", "digitalSourceType": SYNTHETIC}
        statement = {
            "claim_generator_info": [{"name": "reenactor", "version": __version__}],
            "assertions": [{"label": "c2pa.actions", "data": {"actions": [action]}}],
        }
        with c2pa.Builder(json.dumps(statement)) as builder:
            builder.sign(signer, kind, source, target)
