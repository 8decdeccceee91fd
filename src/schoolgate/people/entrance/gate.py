"""The upload gate: files are taken only where a route's policy row says so. It stands before anything that reads a body.

Leaving the upload field out of a page does not stop an upload: Django writes a posted file to disk even where no view looks at it.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from schoolgate.contracts import routes
from schoolgate.people.entrance import answers

NO_FILES = "This page takes no files. Nothing was kept. Go back and send the form without one."
TOO_LARGE = "The file is larger than 25 MB, the most that can be taken. Nothing was kept. Make it smaller or split it, and send it again."


class UploadGate:
    """Middleware, before sessions, sign-in and the check of the form token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.META.get("CONTENT_TYPE", "").strip().lower().startswith("multipart/"):
            return self.get_response(request)
        return self.refusal(request) or self.get_response(request)

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """Why a body in parts is not taken here, or nothing."""
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if takes_files(request.path_info):
            return answers.refused(TOO_LARGE, 413) if length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE else None
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return answers.refused(NO_FILES, 415)
        # Short enough to be held in memory and looked at. A browser gives every file a name, and Django keeps no part without one.
        return answers.refused(NO_FILES, 415) if b"filename" in request.body.lower() else None


def takes_files(path: str) -> bool:
    """The route at this path has a policy row that allows files."""
    try:
        found = resolve(path)  # first: in a process just started, this is what loads the addresses and their rows
    except Resolver404:
        return False
    row = routes.rows().get(found.view_name)
    return row is not None and row.uploads
