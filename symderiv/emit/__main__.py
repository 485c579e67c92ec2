"""`python -m symderiv.emit FILE` writes the functions of the catalogue (`make functions`)."""

import sys
from pathlib import Path

from symderiv.emit.catalogue import functions_module

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(functions_module(), encoding="utf-8")
