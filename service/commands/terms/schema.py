"""The JSON Schema of a terms file, for editors and for whoever writes terms by a program."""

from __future__ import annotations

import json

from service.connectors.terms_file import TermsFile

ADDRESS = "urn:countersign:terms"


def terms_schema() -> str:
    """Give the schema as text that ends with a line feed."""
    schema = TermsFile.model_json_schema()
    named = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        **schema,
    }
    return json.dumps(named, indent=2, ensure_ascii=False) + "\n"
