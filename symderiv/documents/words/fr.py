"""French.

Gives `RULES`, by identifier, and `SENTENCES`, by their English.  Imports nothing.
"""

from __future__ import annotations

RULES = {
    "ratio-of-functions": "rapport de fonctions",
    "cancelling": "simplification",
    "one-fraction": "une seule fraction",
    "same-denominator": "même dénominateur",
    "complement": "complément",
    "clearing-fractions": "élimination des fractions",
    "logarithm-of-a-quotient": "logarithme d’un quotient",
    "splitting-the-fraction": "séparation de la fraction",
    "one-root": "une seule racine",
    "needless-mask": "rien à omettre",
    "sign-and-absolute-value": "signe et valeur absolue",
    "bracket-and-maximum": "crochet et maximum",
    "power-of-a-bracket": "puissance d’un crochet",
    "vanishing-terms": "termes nuls",
    "signs": "signes",
    "like-terms": "réduction des termes semblables",
    "multiplying-out-and-collecting": "développement et réduction",
    "common-factor": "mise en facteur",
    "constants": "constantes",
    "independent-variables": "variables indépendantes",
    "sum-rule": "dérivée d’une somme de termes",
    "constant-factor": "facteur constant",
    "derivative-of-a-sum": "dérivée d’une somme",
    "quotient-rule": "dérivée d’un quotient",
    "reciprocal-as-a-factor": "inverse comme facteur",
    "reciprocal-rule": "dérivée de l’inverse",
    "product-rule": "dérivée d’un produit",
    "power-rule": "dérivée d’une puissance",
    "variable-exponent": "puissance à exposant variable",
    "logarithm-of-a-fraction": "logarithme d’une fraction",
    "constant-bracket": "le crochet d’Iverson est constant",
    "derivative-of-a-product": "dérivée d’un produit sur un indice",
    "maximum-of-a-constant": "maximum d’une constante",
    "constant-out-of-the-maximum": "constante hors du maximum",
    "maximum": "maximum",
    "minimum": "minimum",
    "mean-over-the-maximum": "moyenne sur ceux qui atteignent le maximum",
    "mean-over-the-minimum": "moyenne sur ceux qui atteignent le minimum",
    "larger-of-two": "le plus grand des deux",
    "smaller-of-two": "le plus petit des deux",
    "largest-of-several": "le plus grand de plusieurs",
    "smallest-of-several": "le plus petit de plusieurs",
    "first-that-is-largest": "le premier des plus grands",
    "first-that-is-smallest": "le premier des plus petits",
    "derivative-of-the-inverse": "dérivée de la matrice inverse",
    "derivative-of-the-determinant": "dérivée du déterminant",
    "kronecker-delta": "symbole de Kronecker",
    "sifting": "sélection par δ",
    "constant-out-of-the-sum": "constante hors de la somme",
    "sum-of-a-constant": "somme d’une constante",
    "linearity-of-the-sum": "linéarité de la somme",
    "multiplying-out": "développement",
    "one-sum": "une seule somme",
}

SENTENCES = {
    # names of rules that know the problem
    "definition of {q}": "définition de {q}",
    "derivative of {q} by {x}": "dérivée de {q} par rapport à {x}",
    "derivative of {q} with respect to {x}": "dérivée de {q} par rapport à {x}",
    "derivative of {q}": "dérivée de {q}",
    "derivative by {x}": "dérivée par rapport à {x}",
    "derivative with respect to {x}": "dérivée par rapport à {x}",
    "chain rule through {q}": "dérivation en chaîne par {q}",
    "chain rule through the matrix": "dérivation en chaîne par la matrice",
    "first derivative": "dérivée première",
    "declared assumption": "hypothèse",
    "declared assumption ({a})": "hypothèse ({a})",
    "{q} sums to one": "la somme de {q} vaut un",
    "{q} is symmetric": "{q} est symétrique",
    "the two kinds of entry": "les deux sortes d’éléments",
    "not proved": "non prouvé",
    "…": "…",
    # headings
    "The entry": "L’élément",
    "The entries with {c}": "Les éléments où {c}",
    "All entries": "Tous les éléments",
    "The derivation": "Le calcul",
    "Lemma": "Lemme",
    "Lemmas": "Lemmes",
    "Lemma. ": "Lemme. ",
    "Lemma. {t}": "Lemme. {t}",
    "Note": "Remarque",
    "Notes": "Remarques",
    "Assumption": "Hypothèse",
    "Assumptions": "Hypothèses",
    "Exception": "Exception",
    "Exceptions": "Exceptions",
    "Claim": "Affirmation",
    "In matrix notation": "En notation matricielle",
    "At {p}, indices from 1": "En {p}, indices à partir de 1",
    "At {p}": "En {p}",
    # titles: what a function is called stays its name
    "The Jacobian of {f}": "Matrice jacobienne : {f}",
    "The gradient of {f}": "Gradient : {f}",
    "The Hessian of {f}": "Matrice hessienne : {f}",
    "The derivative of {f}": "Dérivée : {f}",
    "The derivative of {q} by {x}": "La dérivée de {q} par rapport à {x}",
    "The derivative of {q} with respect to {x}": "La dérivée de {q} par rapport à {x}",
    "The derivative of {q} by {x}: {e}": "La dérivée de {q} par rapport à {x} : {e}",
    "The derivative of {q} with respect to {x}: {e}":
        "La dérivée de {q} par rapport à {x} : {e}",
    "the function": "la fonction",
    # sentences
    "{e}, where {l} is the function": "{e}, où {l} est la fonction",
    "{e}, where {l} is the function; it has the shape of {x}":
        "{e}, où {l} est la fonction ; le résultat a la forme de {x}",
    "{e}, where {l} is the function; its rows are those of {f}":
        "{e}, où {l} est la fonction ; ses lignes sont celles de {f}",
    "{e}; it has the shape of {x}": "{e} ; le résultat a la forme de {x}",
    "{e}; its rows are those of {f}": "{e} ; ses lignes sont celles de {f}",
    "({m}) {e}, declared": "({m}) {e}, supposé",
    "({m}) {e}, proved from the definitions": "({m}) {e}, prouvé à partir des définitions",
    "There is nothing to work out.": "Il n’y a rien à calculer.",
    "The one step is proved.": "La seule étape est prouvée.",
    "The one step is proved at {k}.": "La seule étape est prouvée pour {k}.",
    "The one step is proved for every {k}.": "La seule étape est prouvée pour tout {k}.",
    "Each of the {n} steps is proved.": "Chacune des {n} étapes est prouvée.",
    "Each of the {n} steps is proved at {k}.": "Chacune des {n} étapes est prouvée pour {k}.",
    "Each of the {n} steps is proved for every {k}.":
        "Chacune des {n} étapes est prouvée pour tout {k}.",
    "Each of the {n} steps is proved at {k}, and the closed form for every {l}.":
        "Chacune des {n} étapes est prouvée pour {k}, et la forme close pour tout {l}.",
    "The one step is proved at {k}, and the closed form for every {l}.":
        "La seule étape est prouvée pour {k}, et la forme close pour tout {l}.",
    "Each of the {n} steps holds exactly.": "Chacune des {n} étapes est exacte.",
    "The one step holds exactly.": "La seule étape est exacte.",
    "{e} holds: proved for every {k} from {n} on.":
        "{e} est vrai : prouvé pour tout {k} à partir de {n}.",
    "{e} holds: proved for every {k}.": "{e} est vrai : prouvé pour tout {k}.",
    "{e} holds: proved.": "{e} est vrai : prouvé.",
    "{e} holds: proved {k}.": "{e} est vrai : prouvé ({k}).",
    "{e} holds exactly.": "{e} est exact.",
    "Proved: both sides have one normal form, and {n} points drawn to part them did not.":
        "Prouvé : les deux membres ont la même forme normale, et {n} points choisis pour les "
        "distinguer ne l’ont pas fait.",
    "Proved at {k}: both sides have one normal form, and {n} points drawn to part them did not.":
        "Prouvé pour {k} : les deux membres ont la même forme normale, et {n} points choisis pour "
        "les distinguer ne l’ont pas fait.",
    "Proved for every {k}: both sides have one normal form, and {n} points drawn to part them "
    "did not.":
        "Prouvé pour tout {k} : les deux membres ont la même forme normale, et {n} points choisis "
        "pour les distinguer ne l’ont pas fait.",
    "It rests on ({m}) {e}.": "Cela repose sur ({m}) {e}.",
    "It rests on {e}.": "Cela repose sur {e}.",
    # what the writers say
    "Let": "Soit",
    "where": "où",
    "By cases": "Par cas",
    "if": "si",
    "by": "par",
    "and": "et",
    "The rules are": "Les règles sont",
    "here": "ici",
    "step by step": "pas à pas",
    "formula": "formule",
    "A derivation": "Un calcul de dérivée",
    "LaTeX of the whole page": "LaTeX de toute la page",
    # networks
    "Backpropagation": "Rétropropagation",
    "A bar is the derivative of the loss": "Une barre est la dérivée de la perte",
    "Adjoints, from the loss backwards": "Adjoints, à rebours depuis la perte",
    "Gradients": "Gradients",
    "Gradients in closed form": "Gradients sous forme close",
    "adjoints written out": "adjoints remplacés",
    "Closed forms": "Formes closes",
    "Proved for every size: {which}.": "Démontré pour toute taille : {which}.",
    "Exactly equal at {what}: {which}.": "Exactement égaux pour {what} : {which}.",
    "Each adjoint by its own line; the whole agrees at {n} points: {which}.":
        "Chaque adjoint par sa ligne ; le tout concorde en {n} points : {which}.",
    "through {q}: lemma {n}": "par {q} : lemme {n}",
    "through {q}: lemmas {n}": "par {q} : lemmes {n}",
    "the loss does not depend on it": "la perte n’en dépend pas",
    "({n}) from {a} to {b}: {e}": "({n}) de {a} à {b} : {e}",
    "Lemma {n}, from {a} to {b}": "Lemme {n}, de {a} à {b}",
    "Each of the {n} steps of {m} lemmas is proved.":
        "Chacune des {n} étapes de {m} lemmes est prouvée.",
    "Each of the {n} steps of {m} lemmas is proved for every size.":
        "Chacune des {n} étapes de {m} lemmes est prouvée pour toute taille.",
    "Each of the {n} steps of 1 lemma is proved for every size.":
        "Chacune des {n} étapes du seul lemme est prouvée pour toute taille.",
    "{n} more lemmas are among them, with other names.":
        "{n} autres lemmes sont parmi eux, sous d’autres noms.",
    "{n} more lemma is one of them, with other names.":
        "{n} autre lemme est parmi eux, sous d’autres noms.",
    "The whole agrees with finite differences of the loss at {k}.":
        "Le tout concorde avec les différences finies de la perte pour {k}.",
    "The whole agrees with finite differences of the loss.":
        "Le tout concorde avec les différences finies de la perte.",
    "The derivative with respect to {x}": "La dérivée par rapport à {x}",
    "The derivative with respect to {x}: {e}": "La dérivée par rapport à {x} : {e}",
    "The gradient in {x} of {f}": "Gradient en {x} : {f}",
    "through {q}: as lemma {n}": "par {q} : comme le lemme {n}",
    "through {q}: as lemmas {n}": "par {q} : comme les lemmes {n}",
    "through {q}: lemma {n}, as lemma {m}": "par {q} : lemme {n}, comme le lemme {m}",
    "through {q}: lemmas {n}, as lemma {m}": "par {q} : lemmes {n}, comme le lemme {m}",
    "through {q}: lemma {n}, as lemmas {m}": "par {q} : lemme {n}, comme les lemmes {m}",
    "through {q}: lemmas {n}, as lemmas {m}": "par {q} : lemmes {n}, comme les lemmes {m}",
    "Claims": "Affirmations",
    "Lemma.": "Lemme.",
    "{e} is wrong: at {w} the derivative is {l} and the claim {r}, a difference of {d}.":
        "{e} est faux : en {w} la dérivée vaut {l} et l’affirmation {r}, une différence de {d}.",
    "{e} is wrong: at {w} the derivative is {l} and the claim {r}.":
        "{e} est faux : en {w} la dérivée vaut {l} et l’affirmation {r}.",
    "{e} is undecided: it agrees at {n} points, and no proof was found.":
        "{e} n’est pas décidé : cela concorde en {n} points, et aucune preuve n’a été trouvée.",
    "Each of the {n} steps of 1 lemma is proved.":
        "Chacune des {n} étapes du seul lemme est prouvée.",
    "The loss does not depend on what it is differentiated with respect to.":
        "La perte ne dépend pas de ce par rapport à quoi on dérive.",
    "The loss does not depend on it.":
        "La perte n’en dépend pas.",
}  # fmt: skip
