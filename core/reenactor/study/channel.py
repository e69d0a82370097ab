"""One connection to the server, which reads requests more strictly than waitress does by itself.

Imports waitress, the extra `study`.
"""

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Refuses what two programs might read in two ways: our pages never ask so."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # an address that is none
            raise ParsingError(str(error)) from error
        if self.chunked or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding is not accepted")


class Channel(HTTPChannel):  # type: ignore[misc]
    """Waitress makes one for each connection."""

    parser_class = _Parser
