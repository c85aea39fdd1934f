"""What is said when something goes wrong: a problem document for programs, a page for people."""

import json

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

WORDS = {
    404: ("Deze pagina bestaat niet", "Kijk het adres na, of ga naar de lijst met plekken."),
    405: ("Dat kan hier niet", "Dit adres kun je alleen lezen."),
    500: ("Er ging iets mis", "Het ligt niet aan jou. Probeer het over een paar minuten opnieuw."),
}
OTHERWISE = ("Dat lukte niet", "Ga terug en probeer het opnieuw.")


def explain(app: Flask) -> None:
    """Answer every error: RFC 9457 under `/api`, a plain Dutch page elsewhere."""

    @app.errorhandler(HTTPException)
    def answer(error: HTTPException) -> Response:
        code = error.code or 500
        response = _problem(code, error.name) if _is_for_programs() else _page(code)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(sorted(allowed))
        response.headers["Cache-Control"] = "no-store"
        return response


def _is_for_programs() -> bool:
    return request.path.startswith("/api/")


def _problem(code: int, title: str) -> Response:
    document = {"type": "about:blank", "title": title, "status": code, "instance": request.path}
    return Response(json.dumps(document), code, content_type="application/problem+json")


def _page(code: int) -> Response:
    title, advice = WORDS.get(code, OTHERWISE)
    return Response(render_template("problem.html", title=title, advice=advice), code)
