"""Strategies as somebody types them into the form of the page."""

from twohats.care.contact import strategies


def typed_strategies(**changed: object) -> dict[str, object]:
    """What the form of the shipped strategies sends; `changed` is by field, such as customer__way_0="letter"."""
    sent: dict[str, object] = {}
    for row in strategies.shipped_book()["strategy"]:
        day = row.get("worst_day")
        typed = {
            "hat": row["hat"], "worst_day": "" if day is None else "yes" if day else "no", "by": row["by"],
            "touches": str(row["touches"]), "room": row["room"], "en": row["en"], "es": row["es"],
            **{name: "yes" if row[name] else "no" for name in ("automated", "link", "asks_again")},
            **{f"way_{place}": channel for place, channel in enumerate(row["channels"])},
        }
        sent |= {f"{row['key']}-{name}": value for name, value in typed.items()}
    return sent | {name.replace("__", "-"): value for name, value in changed.items()}
