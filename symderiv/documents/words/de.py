"""German.

Gives `RULES`, by identifier, and `SENTENCES`, by their English.  Imports nothing.
"""

from __future__ import annotations

RULES = {
    "ratio-of-functions": "Verhältnis zweier Funktionen",
    "cancelling": "Kürzen",
    "one-fraction": "ein Bruch",
    "same-denominator": "gleicher Nenner",
    "complement": "Komplement",
    "clearing-fractions": "Doppelbrüche beseitigen",
    "logarithm-of-a-quotient": "Logarithmus eines Quotienten",
    "splitting-the-fraction": "Bruch zerlegen",
    "one-root": "eine Wurzel",
    "needless-mask": "nichts auszulassen",
    "sign-and-absolute-value": "Vorzeichen und Betrag",
    "bracket-and-maximum": "Klammer und Maximum",
    "power-of-a-bracket": "Potenz einer Klammer",
    "vanishing-terms": "verschwindende Terme",
    "signs": "Vorzeichen",
    "like-terms": "gleichartige Terme zusammenfassen",
    "multiplying-out-and-collecting": "ausmultiplizieren und zusammenfassen",
    "common-factor": "ausklammern",
    "constants": "Konstanten",
    "independent-variables": "unabhängige Variablen",
    "sum-rule": "Summenregel",
    "constant-factor": "konstanter Faktor",
    "derivative-of-a-sum": "Ableitung einer Summe",
    "quotient-rule": "Quotientenregel",
    "reciprocal-as-a-factor": "Kehrwert als Faktor",
    "reciprocal-rule": "Kehrwertregel",
    "product-rule": "Produktregel",
    "power-rule": "Potenzregel",
    "variable-exponent": "Potenz mit veränderlichem Exponenten",
    "logarithm-of-a-fraction": "Logarithmus eines Bruchs",
    "constant-bracket": "Iversons Klammer ist konstant",
    "derivative-of-a-product": "Ableitung eines Produkts über einen Index",
    "maximum-of-a-constant": "Maximum einer Konstanten",
    "constant-out-of-the-maximum": "Konstante aus dem Maximum",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "mean-over-the-maximum": "Mittel über die, die das Maximum annehmen",
    "mean-over-the-minimum": "Mittel über die, die das Minimum annehmen",
    "larger-of-two": "größeres von zweien",
    "smaller-of-two": "kleineres von zweien",
    "largest-of-several": "größtes von mehreren",
    "smallest-of-several": "kleinstes von mehreren",
    "first-that-is-largest": "das erste größte",
    "first-that-is-smallest": "das erste kleinste",
    "derivative-of-the-inverse": "Ableitung der Inversen",
    "derivative-of-the-determinant": "Ableitung der Determinante",
    "kronecker-delta": "Kronecker-Delta",
    "sifting": "Auswahl durch δ",
    "constant-out-of-the-sum": "Konstante aus der Summe",
    "sum-of-a-constant": "Summe einer Konstanten",
    "linearity-of-the-sum": "Linearität der Summe",
    "multiplying-out": "ausmultiplizieren",
    "one-sum": "eine Summe",
}

SENTENCES = {
    # names of rules that know the problem
    "definition of {q}": "Definition von {q}",
    "derivative of {q} by {x}": "Ableitung von {q} nach {x}",
    "derivative of {q} with respect to {x}": "Ableitung von {q} nach {x}",
    "derivative of {q}": "Ableitung von {q}",
    "derivative by {x}": "Ableitung nach {x}",
    "derivative with respect to {x}": "Ableitung nach {x}",
    "chain rule through {q}": "Kettenregel über {q}",
    "chain rule through the matrix": "Kettenregel über die Matrix",
    "first derivative": "erste Ableitung",
    "declared assumption": "Voraussetzung",
    "declared assumption ({a})": "Voraussetzung ({a})",
    "{q} sums to one": "{q} hat die Summe eins",
    "{q} is symmetric": "{q} ist symmetrisch",
    "the two kinds of entry": "die beiden Arten von Einträgen",
    "not proved": "nicht bewiesen",
    "…": "…",
    # headings
    "The entry": "Der Eintrag",
    "The entries with {c}": "Die Einträge mit {c}",
    "All entries": "Alle Einträge",
    "The derivation": "Die Herleitung",
    "Lemma": "Hilfssatz",
    "Lemmas": "Hilfssätze",
    "Lemma. ": "Hilfssatz. ",
    "Lemma. {t}": "Hilfssatz. {t}",
    "Note": "Anmerkung",
    "Notes": "Anmerkungen",
    "Assumption": "Voraussetzung",
    "Assumptions": "Voraussetzungen",
    "Exception": "Ausnahme",
    "Exceptions": "Ausnahmen",
    "Claim": "Behauptung",
    "In matrix notation": "In Matrizenschreibweise",
    "At {p}, indices from 1": "Bei {p}, Indizes ab 1",
    "At {p}": "Bei {p}",
    # titles: what a function is called stays its name
    "The Jacobian of {f}": "Jacobi-Matrix: {f}",
    "The gradient of {f}": "Gradient: {f}",
    "The Hessian of {f}": "Hesse-Matrix: {f}",
    "The derivative of {f}": "Ableitung: {f}",
    "The derivative of {q} by {x}": "Die Ableitung von {q} nach {x}",
    "The derivative of {q} with respect to {x}": "Die Ableitung von {q} nach {x}",
    "The derivative of {q} by {x}: {e}": "Die Ableitung von {q} nach {x}: {e}",
    "The derivative of {q} with respect to {x}: {e}": "Die Ableitung von {q} nach {x}: {e}",
    "the function": "der Funktion",
    # sentences
    "{e}, where {l} is the function": "{e}; dabei ist {l} die Funktion",
    "{e}, where {l} is the function; it has the shape of {x}":
        "{e}; dabei ist {l} die Funktion; das Ergebnis hat die Form von {x}",
    "{e}, where {l} is the function; its rows are those of {f}":
        "{e}; dabei ist {l} die Funktion; die Zeilen sind die von {f}",
    "{e}; it has the shape of {x}": "{e}; das Ergebnis hat die Form von {x}",
    "{e}; its rows are those of {f}": "{e}; die Zeilen sind die von {f}",
    "({m}) {e}, declared": "({m}) {e}, vorausgesetzt",
    "({m}) {e}, proved from the definitions": "({m}) {e}, aus den Definitionen bewiesen",
    "There is nothing to work out.": "Es ist nichts zu rechnen.",
    "The one step is proved.": "Der eine Schritt ist bewiesen.",
    "The one step is proved at {k}.": "Der eine Schritt ist für {k} bewiesen.",
    "The one step is proved for every {k}.": "Der eine Schritt ist für jedes {k} bewiesen.",
    "Each of the {n} steps is proved.": "Jeder der {n} Schritte ist bewiesen.",
    "Each of the {n} steps is proved at {k}.": "Jeder der {n} Schritte ist für {k} bewiesen.",
    "Each of the {n} steps is proved for every {k}.":
        "Jeder der {n} Schritte ist für jedes {k} bewiesen.",
    "Each of the {n} steps is proved at {k}, and the closed form for every {l}.":
        "Jeder der {n} Schritte ist für {k} bewiesen, die geschlossene Form für jedes {l}.",
    "The one step is proved at {k}, and the closed form for every {l}.":
        "Der eine Schritt ist für {k} bewiesen, die geschlossene Form für jedes {l}.",
    "Each of the {n} steps holds exactly.": "Jeder der {n} Schritte gilt exakt.",
    "The one step holds exactly.": "Der eine Schritt gilt exakt.",
    "{e} holds: proved for every {k} from {n} on.": "{e} gilt: bewiesen für jedes {k} ab {n}.",
    "{e} holds: proved for every {k}.": "{e} gilt: bewiesen für jedes {k}.",
    "{e} holds: proved.": "{e} gilt: bewiesen.",
    "{e} holds: proved {k}.": "{e} gilt: bewiesen ({k}).",
    "{e} holds exactly.": "{e} gilt exakt.",
    "Proved: both sides have one normal form, and {n} points drawn to part them did not.":
        "Bewiesen: beide Seiten haben eine Normalform, und {n} Punkte, die sie trennen sollten, "
        "trennten sie nicht.",
    "Proved at {k}: both sides have one normal form, and {n} points drawn to part them did not.":
        "Für {k} bewiesen: beide Seiten haben eine Normalform, und {n} Punkte, die sie trennen "
        "sollten, trennten sie nicht.",
    "Proved for every {k}: both sides have one normal form, and {n} points drawn to part them "
    "did not.":
        "Für jedes {k} bewiesen: beide Seiten haben eine Normalform, und {n} Punkte, die sie "
        "trennen sollten, trennten sie nicht.",
    "It rests on ({m}) {e}.": "Das beruht auf ({m}) {e}.",
    "It rests on {e}.": "Das beruht auf {e}.",
    # what the writers say
    "Let": "Es sei",
    "where": "mit",
    "By cases": "Nach Fällen",
    "if": "wenn",
    "by": "nach",
    "and": "und",
    "The rules are": "Die Regeln sind",
    "here": "hier",
    "step by step": "Schritt für Schritt",
    "formula": "Formel",
    "A derivation": "Eine Herleitung",
    "LaTeX of the whole page": "LaTeX der ganzen Seite",
    # networks
    "Backpropagation": "Rückwärtsdifferentiation",
    "A bar is the derivative of the loss": "Ein Strich ist die Ableitung des Verlusts",
    "Adjoints, from the loss backwards": "Adjungierte, vom Verlust rückwärts",
    "Gradients": "Gradienten",
    "Gradients in closed form": "Gradienten in geschlossener Form",
    "adjoints written out": "Adjungierte eingesetzt",
    "Closed forms": "Geschlossene Formen",
    "Proved for every size: {which}.": "Für jede Größe bewiesen: {which}.",
    "Exactly equal at {what}: {which}.": "Exakt gleich bei {what}: {which}.",
    "Each adjoint by its own line; the whole agrees at {n} points: {which}.":
        "Jede Adjungierte durch ihre Zeile; das Ganze stimmt an {n} Punkten überein: {which}.",
    "through {q}: lemma {n}": "über {q}: Hilfssatz {n}",
    "through {q}: lemmas {n}": "über {q}: Hilfssätze {n}",
    "the loss does not depend on it": "der Verlust hängt nicht davon ab",
    "({n}) from {a} to {b}: {e}": "({n}) von {a} nach {b}: {e}",
    "Lemma {n}, from {a} to {b}": "Hilfssatz {n}, von {a} nach {b}",
    "Each of the {n} steps of {m} lemmas is proved.":
        "Jeder der {n} Schritte von {m} Hilfssätzen ist bewiesen.",
    "Each of the {n} steps of {m} lemmas is proved for every size.":
        "Jeder der {n} Schritte von {m} Hilfssätzen ist für jede Größe bewiesen.",
    "Each of the {n} steps of 1 lemma is proved for every size.":
        "Jeder der {n} Schritte des einen Hilfssatzes ist für jede Größe bewiesen.",
    "{n} more lemmas are among them, with other names.":
        "{n} weitere Hilfssätze sind darunter, mit anderen Namen.",
    "{n} more lemma is one of them, with other names.":
        "{n} weiterer Hilfssatz ist darunter, mit anderen Namen.",
    "The whole agrees with finite differences of the loss at {k}.":
        "Das Ganze stimmt mit Differenzenquotienten des Verlusts bei {k} überein.",
    "The whole agrees with finite differences of the loss.":
        "Das Ganze stimmt mit Differenzenquotienten des Verlusts überein.",
    "The derivative with respect to {x}": "Die Ableitung nach {x}",
    "The derivative with respect to {x}: {e}": "Die Ableitung nach {x}: {e}",
    "The gradient in {x} of {f}": "Gradient nach {x}: {f}",
    "through {q}: as lemma {n}": "über {q}: wie Hilfssatz {n}",
    "through {q}: as lemmas {n}": "über {q}: wie Hilfssätze {n}",
    "through {q}: lemma {n}, as lemma {m}": "über {q}: Hilfssatz {n}, wie Hilfssatz {m}",
    "through {q}: lemmas {n}, as lemma {m}": "über {q}: Hilfssätze {n}, wie Hilfssatz {m}",
    "through {q}: lemma {n}, as lemmas {m}": "über {q}: Hilfssatz {n}, wie Hilfssätze {m}",
    "through {q}: lemmas {n}, as lemmas {m}": "über {q}: Hilfssätze {n}, wie Hilfssätze {m}",
    "Claims": "Behauptungen",
    "Lemma.": "Hilfssatz.",
    "{e} is wrong: at {w} the derivative is {l} and the claim {r}, a difference of {d}.":
        "{e} ist falsch: bei {w} ist die Ableitung {l} und die Behauptung {r}, "
        "ein Unterschied von {d}.",
    "{e} is wrong: at {w} the derivative is {l} and the claim {r}.":
        "{e} ist falsch: bei {w} ist die Ableitung {l} und die Behauptung {r}.",
    "{e} is undecided: it agrees at {n} points, and no proof was found.":
        "{e} ist unentschieden: es stimmt an {n} Punkten, und kein Beweis wurde gefunden.",
    "Each of the {n} steps of 1 lemma is proved.":
        "Jeder der {n} Schritte des einen Hilfssatzes ist bewiesen.",
    "The loss does not depend on what it is differentiated with respect to.":
        "Der Verlust hängt nicht davon ab, wonach abgeleitet wird.",
    "The loss does not depend on it.":
        "Der Verlust hängt nicht davon ab.",
}  # fmt: skip
