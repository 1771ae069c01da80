"""FHIR R4 as hospitals export it: NDJSON, bundles, folders of a bulk export."""
