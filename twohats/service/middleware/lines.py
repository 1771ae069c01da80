"""One JSON line per event, from a closed list of fields: no message, path or value that could name a person."""

import json
import logging
import traceback
from datetime import UTC, datetime

FIELDS = ("event", "request_id", "route", "method", "status", "milliseconds", "user_number", "count", "release")


class OneLine(logging.Formatter):
    """Writes the fields listed above and, for an error, its kind and where it rose; not what it said."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. An error's text is left out: it may quote what somebody typed."""
        line = {"at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
                "level": record.levelname.lower(), "from": record.name}
        line |= {field: getattr(record, field) for field in FIELDS if hasattr(record, field)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{frame.filename.rpartition('/twohats/')[2]}:{frame.lineno} {frame.name}"
                             for frame in traceback.extract_tb(record.exc_info[2])[-8:]]
        if "event" not in line:
            line["event"] = f"{record.module}.{record.funcName}"
        return json.dumps(line)
