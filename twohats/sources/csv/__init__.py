"""Plain files a hospital keeps beside its record: units, staff, contacts, surveys, comments."""
