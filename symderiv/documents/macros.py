r"""Macros: the author's own commands for names, p=\prob, in LaTeX and Markdown.

Gives `checked`, the macros of a page as they may stand in a document, `drawn`, how the names of a
page are set by them and in faces, and `provided`, definitions for a document of its own.  A macro
is one command, or one with names in braces, \vect{x}; what TeX or LaTeX itself calls a command of
that name is no name of an author: it may read, write or define.

Imports mistakes, and the reader late.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.mistakes import DASH, Mistake, did_you_mean

if TYPE_CHECKING:
    from symderiv.reader import authors
else:
    authors = late.module("symderiv.reader.authors")

_MACRO = re.compile(r"\\([A-Za-z]{1,40})((?:\{[A-Za-z0-9]{0,40}\}){0,3})")
# what reads, writes, defines, begins, ends, or changes how the rest is read
_OWN = frozenset((
    "AtBeginDocument", "AtEndDocument", "DeclareMathOperator", "DeclareRobustCommand",
    "ExplSyntaxOff", "ExplSyntaxOn", "IfFileExists", "InputIfFileExists", "LoadClass",
    "NewDocumentCommand", "PassOptionsToPackage", "ProvidesPackage", "RenewDocumentCommand",
    "RequirePackage", "above", "abovewithdelims", "accent", "advance", "afterassignment",
    "aftergroup", "atop", "atopwithdelims", "batchmode", "begin", "begingroup", "bgroup",
    "bibliography", "botmark", "box", "catcode", "char", "chardef", "cite", "closein",
    "closeout", "copy", "count", "countdef", "cr", "crcr", "csname", "day", "dblquote", "def",
    "delcode", "delimiter", "detokenize", "dimen", "dimendef", "directlua", "discretionary",
    "displaystyle", "divide", "documentclass", "dp", "dump", "edef", "egroup", "else", "end",
    "endcsname", "endgroup", "endinput", "endlinechar", "ensuremath", "eqno", "errhelp",
    "errmessage", "errorstopmode", "escapechar", "everycr", "everydisplay", "everyeof",
    "everyhbox", "everyjob", "everymath", "everypar", "everyvbox", "expandafter", "expanded",
    "fi", "firstmark", "font", "fontdimen", "futurelet", "gdef", "global", "globaldefs",
    "glueexpr", "group", "halign", "hbox", "hfil", "hfill", "href", "hrule", "hsize", "hskip",
    "hss", "ht", "hyphenation", "if", "ifcase", "ifcat", "ifcsname", "ifdefined", "ifdim",
    "ifeof", "iffalse", "ifhbox", "ifhmode", "ifinner", "ifmmode", "ifnum", "ifodd", "iftrue",
    "ifvbox", "ifvmode", "ifvoid", "ifx", "ignorespaces", "immediate", "include",
    "includegraphics", "includeonly", "index", "input", "inputlineno", "insert",
    "interactionmode", "item", "jobname", "kern", "label", "lastbox", "latelua", "lccode",
    "left", "leftskip", "leqno", "let", "letcharcode", "limits", "long", "loop", "lower",
    "lowercase", "lstinputlisting", "luadirect", "luaescapestring", "mag", "makeatletter",
    "makeatother", "mark", "mathaccent", "mathbin", "mathchar", "mathchardef", "mathchoice",
    "mathclose", "mathcode", "mathinner", "mathop", "mathopen", "mathord", "mathpunct",
    "mathrel", "mbox", "meaning", "message", "middle", "month", "moveleft", "moveright",
    "mskip", "multiply", "muskip", "muskipdef", "newbox", "newcommand", "newcount", "newdimen",
    "newenvironment", "newfam", "newif", "newinsert", "newlanguage", "newlength",
    "newlinechar", "newread", "newsavebox", "newskip", "newtheorem", "newtoks", "newtoksdef",
    "newwrite", "noalign", "noboundary", "noexpand", "noindent", "nolimits", "nonscript",
    "nonstopmode", "notag", "nullfont", "number", "numexpr", "omit", "openin", "openout", "or",
    "outer", "output", "over", "overwithdelims", "par", "parshape", "patterns", "pdfcatalog",
    "pdfcompresslevel", "pdfcreationdate", "pdffiledump", "pdffilemoddate", "pdffilesize",
    "pdfliteral", "pdfmdfivesum", "pdfobj", "pdfoutput", "pdfshellescape", "pdfstrcmp",
    "penalty", "postdisplaypenalty", "protected", "providecommand", "radical", "raise", "read",
    "readline", "ref", "relax", "renewcommand", "renewenvironment", "require", "right",
    "romannumeral", "savebox", "sbox", "scantokens", "scriptstyle", "scrollmode", "setbox",
    "setcounter", "setlanguage", "setlength", "sfcode", "shipout", "show", "showbox",
    "showthe", "skip", "skipdef", "span", "special", "splitmark", "string", "strutbox",
    "tabskip", "tag", "text", "textfont", "textstyle", "the", "thispagestyle", "time", "toks",
    "toksdef", "topmark", "tracingall", "tracingonline", "typein", "typeout", "uccode",
    "unexpanded", "unhbox", "unhcopy", "unkern", "unless", "unpenalty", "unskip", "unvbox",
    "unvcopy", "uppercase", "url", "usebox", "usepackage", "vadjust", "valign", "vbox",
    "vcenter", "verb", "verbatiminput", "vfil", "vfill", "vrule", "vsize", "vskip", "vsplit",
    "vss", "vtop", "wd", "widowpenalty", "write", "xdef", "xleaders", "year",
))  # fmt: skip


def checked(given: Mapping[str, str]) -> dict[str, str]:
    """The macros, each one command.

    Raises
    ------
    Mistake
        for what is none, and for a command that is TeX's own.
    """
    for name, macro in given.items():
        found = _MACRO.fullmatch(macro) if isinstance(macro, str) else None
        if found is None:
            raise Mistake(
                f"{DASH}macro {name:.40}={macro!s:.60}: it takes one command, \\prob, or one with "
                "names in braces, \\vect{x}"
            )
        if found[1] in _OWN:
            raise Mistake(
                f"{DASH}macro {name:.40}={macro:.60}: \\{found[1]} is a command of TeX itself, and "
                "no author's name for something"
            )
    return dict(given)


def drawn(
    faces: Mapping[str, str], macros: Mapping[str, str], known: Collection[str]
) -> Mapping[str, str]:
    """How the names of a page are set.

    Raises
    ------
    Mistake
        for a macro of a name that is not there.
    """
    own = {authors.named(name)[0]: macro for name, macro in macros.items()}
    for name in sorted(own.keys() - known):
        raise Mistake(f"{DASH}macro {name}: there is no '{name}' here{did_you_mean(name, known)}")
    return {**faces, **own}


def provided(macros: Mapping[str, str]) -> list[str]:
    """Definitions of the macros that a document of its own has not, each once."""
    out: dict[str, str] = {}
    for name, macro in macros.items():
        found = _MACRO.fullmatch(macro)
        assert found is not None
        count = found[2].count("{")
        body = "".join(f"#{n + 1}" for n in range(count)) or rf"\mathrm{{{name}}}".replace(
            "_", r"\_"
        )
        places = f"[{count}]" if count else ""
        out.setdefault(found[1], rf"\providecommand{{\{found[1]}}}{places}{{{body}}}")
    return list(out.values())
