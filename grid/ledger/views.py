"""What anybody may fetch to check the ledger: the keys, how they followed one another, the newest checkpoint."""

from django.http import HttpRequest, HttpResponse

from grid.ledger import keys, queries


def public_key(request: HttpRequest) -> HttpResponse:
    """The key with which anybody checks the ledger's seals."""
    return HttpResponse(keys.public_key_pem(), content_type="application/x-pem-file")


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint: whoever keeps one notices later if the ledger was cut or rewritten."""
    return HttpResponse(queries.checkpoint_note(), content_type="text/plain; charset=utf-8")


def handovers(request: HttpRequest) -> HttpResponse:
    """How the signing keys followed one another, each note signed by both."""
    return HttpResponse(queries.handover_notes(), content_type="text/plain; charset=utf-8")
