"""No dependency binds the product to a licence it does not have."""

import re
from importlib.metadata import distributions


def test_no_installed_package_is_gpl_or_agpl() -> None:
    found = []
    for package in distributions():
        said = [package.metadata.get("License-Expression") or "", package.metadata.get("License") or ""]
        said += [line for line in package.metadata.get_all("Classifier") or [] if line.startswith("License")]
        text = re.sub(
            r"(?i)lesser general public|lgpl|gpl-compatible", "", " ".join(line[:200] for line in said)
        )
        if re.search(r"(?i)\ba?gpl|affero|general public", text):
            found.append(package.metadata["Name"])
    assert not found
