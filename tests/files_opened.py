"""What a file says to whoever opens it: packed parts and drawn words as plain text."""

import io
import zipfile


def text_in(content: bytes) -> str:
    """The words of a PDF, every part of a workbook, or the content as it is."""
    if content.startswith(b"%PDF"):
        import pypdf

        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return content.decode("utf-8", "replace")
