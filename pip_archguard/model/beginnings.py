"""How each file that a run writes begins: by this, one of an earlier run is known again."""

from __future__ import annotations

from pip_archguard.model.outcome import ReportForm

SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

REPORT = {
    ReportForm.JSON: '{\n  "version": "1",\n  "command": "',
    ReportForm.SARIF: f"""{{
  "$schema": "{SARIF_SCHEMA}",
  "version": "2.1.0",
  "runs": [
    {{
      "tool": {{
        "driver": {{
          "name": "pip-archguard",
""",
}

REQUIREMENTS = "# Written by pip-archguard "
