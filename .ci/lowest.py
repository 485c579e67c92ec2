"""The lowest versions that pyproject.toml states, for pip: `name==version` a line."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
stated = list(project["project"]["dependencies"])
for extra in project["project"]["optional-dependencies"].values():
    stated += extra
for group in ("test",):
    stated += [one for one in project["dependency-groups"][group] if isinstance(one, str)]
for requirement in stated:
    name, version = re.fullmatch(r"([\w-]+)>=([\d.]+)", requirement).groups()
    print(f"{name}=={version}")
