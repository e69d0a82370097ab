"""A connection to the server that parses requests more strictly than waitress does.

Imports waitress, the extra `study`.
"""

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Refuses ambiguous requests, which our pages never send."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # an invalid address
            raise ParsingError(str(error)) from error
        if self.chunked or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding is not accepted")


class Channel(HTTPChannel):  # type: ignore[misc]  # untyped in waitress
    """Created by waitress for each connection."""

    parser_class = _Parser
