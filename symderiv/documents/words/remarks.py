"""What pages say of exceptions, notes and verdicts, in German and French, by its English.

Gives `SAYINGS`: German and French of each.  Imports nothing.

To add a saying: its row here; `{x}` stands for what is particular, and may be sayings again, one
after the other.
"""

from __future__ import annotations

SAYINGS = {
    # exceptions: what happens there, and by which convention
    "{p}: the derivative may not exist there; {c}":
        ("{p}: dort muss die Ableitung nicht existieren; {c}",
         "{p} : la dérivée peut ne pas y exister ; {c}"),
    "two terms with different derivatives tie for {m}":
        ("zwei Terme mit verschiedenen Ableitungen nehmen {m} an",
         "deux termes de dérivées différentes atteignent {m}"),
    "two of {t} tie for {m}": ("zwei von {t} nehmen {m} an", "deux des {t} atteignent {m}"),
    "two of {t} with different derivatives tie for {m}":
        ("zwei von {t} mit verschiedenen Ableitungen nehmen {m} an",
         "deux des {t} de dérivées différentes atteignent {m}"),
    "the bracket is taken as 0":
        ("die Klammer wird als 0 genommen", "le crochet est pris égal à 0"),
    "the formula divides by 0 and has no value":
        ("die Formel teilt durch 0 und hat keinen Wert",
         "la formule divise par 0 et n’a pas de valeur"),
    "the derivative is infinite and none is taken":
        ("die Ableitung ist unendlich, und keine wird genommen",
         "la dérivée est infinie, et aucune n’est prise"),
    "that of {f} is taken as {n}": ("für „{f}“ wird {n} genommen", "pour « {f} » on prend {n}"),
    "what jumps there is taken as constant":
        ("was dort springt, gilt als konstant", "ce qui y saute est pris comme constant"),
    "the first of them counts": ("der erste von ihnen zählt", "le premier d’entre eux compte"),
    "all that attain it count":
        ("alle, die es annehmen, zählen", "tous ceux qui l’atteignent comptent"),
    # notes: how a name was taken
    "{n} is the size of the axis that {l} runs over":
        ("{n} ist die Länge der Achse, über die {l} läuft",
         "{n} est la taille de l’axe que parcourt {l}"),
    "{n} is a number of its own: the size here is called {s}":
        ("{n} ist eine Zahl für sich: die Länge heißt hier {s}",
         "{n} est un nombre à part : la taille s’appelle ici {s}"),
    "{n} is a number of its own: the sizes here are called {s}":
        ("{n} ist eine Zahl für sich: die Längen heißen hier {s}",
         "{n} est un nombre à part : les tailles s’appellent ici {s}"),
    "e is a number of its own; the base of the exponential is written exp(1)":
        ("e ist eine Zahl für sich; die Basis der Exponentialfunktion schreibt man exp(1)",
         "e est un nombre à part ; la base de l’exponentielle s’écrit exp(1)"),
    "the matrix differentiated by is symmetric, and its components vary one by one; "
    "--wrt 'sym({x})' takes those that are equal as one variable":
        ("die Matrix, nach der abgeleitet wird, ist symmetrisch, und ihre Einträge ändern sich "
         "einzeln; --wrt 'sym({x})' nimmt gleiche als eine Variable",
         "la matrice par rapport à laquelle on dérive est symétrique, et ses éléments varient un "
         "à un ; --wrt 'sym({x})' prend ceux qui sont égaux comme une seule variable"),
    "the matrix that was asked for is symmetric: its components i, j and j, i are one variable":
        ("die Matrix, nach der gefragt ist, ist symmetrisch: ihre Einträge i, j und j, i sind "
         "eine Variable",
         "la matrice demandée est symétrique : ses éléments i, j et j, i sont une seule variable"),
    # for which sizes
    "for every {k} from {n} on": ("für jedes {k} ab {n}", "pour tout {k} à partir de {n}"),
    "for every {k}": ("für jedes {k}", "pour tout {k}"),
    "at {k}": ("für {k}", "pour {k}"),
    "no size in it": ("keine Länge darin", "aucune taille"),
    "sizes {l}": ("Längen {l}", "tailles {l}"),
    "equal and different ones": ("gleiche und verschiedene", "égales et différentes"),
    "{n} choices of sizes": ("{n} Wahlen der Längen", "{n} choix de tailles"),
    "{t} = 1 to {n}": ("{t} = 1 bis {n}", "{t} = 1 à {n}"),
    # a verdict that is no proof
    "Of {n} steps {s}.": ("Von {n} Schritten sind {s}.", "Sur {n} étapes : {s}."),
    "{n} is proved": ("{n} bewiesen", "{n} prouvée"),
    "{n} are proved": ("{n} bewiesen", "{n} prouvées"),
    "{n} is proved for every {k}":
        ("{n} für jedes {k} bewiesen", "{n} prouvée pour tout {k}"),
    "{n} are proved for every {k}":
        ("{n} für jedes {k} bewiesen", "{n} prouvées pour tout {k}"),
    "{n} is proved at {k}": ("{n} für {k} bewiesen", "{n} prouvée pour {k}"),
    "{n} are proved at {k}": ("{n} für {k} bewiesen", "{n} prouvées pour {k}"),
    "{n} is {s}: {r}": ("{n} {s}: {r}", "{n} {s} : {r}"),
    "{n} are {s}: {r}": ("{n} {s}: {r}", "{n} {s} : {r}"),
    "exact at sizes": ("exakt bei festen Längen", "exact pour des tailles données"),
    "exact at sizes ({x})": ("exakt bei festen Längen ({x})", "exact pour des tailles ({x})"),
    "accepted without a proof": ("ohne Beweis angenommen", "admis sans preuve"),
    "accepted without a proof ({x})": ("ohne Beweis angenommen ({x})", "admis sans preuve ({x})"),
    "undecided ({x})": ("unentschieden ({x})", "indécidé ({x})"),
    "agrees at {n} points": ("stimmt an {n} Punkten", "concorde en {n} points"),
    "agrees at {n} points and exactly at small sizes":
        ("stimmt an {n} Punkten und exakt bei kleinen Längen",
         "concorde en {n} points et exactement pour de petites tailles"),
    "but an index or a size stands by itself":
        ("doch ein Index oder eine Länge steht für sich",
         "mais un indice ou une taille apparaît seul"),
    "it takes too long to try more points":
        ("mehr Punkte zu prüfen dauert zu lange", "essayer plus de points prend trop de temps"),
    "one side or the other never has a value where {b}":
        ("eine der Seiten hat nie einen Wert, wo {b}",
         "l’un des membres n’a jamais de valeur où {b}"),
    "Proved: both sides have one normal form.":
        ("Bewiesen: beide Seiten haben eine Normalform.",
         "Prouvé : les deux membres ont la même forme normale."),
    "Proved at {k}: both sides have one normal form.":
        ("Für {k} bewiesen: beide Seiten haben eine Normalform.",
         "Prouvé pour {k} : les deux membres ont la même forme normale."),
    "Proved for every {k}: both sides have one normal form.":
        ("Für jedes {k} bewiesen: beide Seiten haben eine Normalform.",
         "Prouvé pour tout {k} : les deux membres ont la même forme normale."),
    "Holds exactly: written out and compared.":
        ("Gilt exakt: ausgeschrieben und verglichen.", "Exact : développé et comparé."),
    "Holds exactly at {x}: written out and compared.":
        ("Gilt exakt ({x}): ausgeschrieben und verglichen.",
         "Exact ({x}) : développé et comparé."),
    "Not proved: it agrees at {n} points.":
        ("Nicht bewiesen: es stimmt an {n} Punkten.",
         "Non prouvé : cela concorde en {n} points."),
    # claims
    "{e} holds exactly at {s}; it is not proved for every size.":
        ("{e} gilt exakt ({s}); für jede Länge ist es nicht bewiesen.",
         "{e} est exact ({s}) ; ce n’est pas prouvé pour toute taille."),
    "{e} agrees at {n}; that was accepted, and is no proof.":
        ("{e} stimmt an {n}; das wurde angenommen und ist kein Beweis.",
         "{e} concorde en {n} ; cela a été admis, et n’est pas une preuve."),
    "{n} points": ("{n} Punkten", "{n} points"),
    "{e} is undecided.": ("{e} ist unentschieden.", "{e} n’est pas décidé."),
    "{e} is undecided: {n}.": ("{e} ist unentschieden: {n}.", "{e} n’est pas décidé : {n}."),
    "{e} is wrong: {s}.": ("{e} ist falsch: {s}.", "{e} est faux : {s}."),
    "{e} is wrong.": ("{e} ist falsch.", "{e} est faux."),
    "at {w} the derivative is {l} and the claim {r}":
        ("bei {w} ist die Ableitung {l} und die Behauptung {r}",
         "en {w} la dérivée vaut {l} et l’affirmation {r}"),
    "the derivative is {l} and the claim {r}":
        ("die Ableitung ist {l} und die Behauptung {r}",
         "la dérivée vaut {l} et l’affirmation {r}"),
    "a difference of {d}": ("ein Unterschied von {d}", "une différence de {d}"),
    "it holds if {f}": ("sie gilt, wenn {f}", "elle est vraie si {f}"),
    "which is not assumed": ("was nicht vorausgesetzt ist", "ce qui n’est pas supposé"),
    "it would be {s}": ("sie wäre {s}", "elle serait {s}"),
    # a derivation over many stages
    "chain rule over the stages": ("Kettenregel über die Stufen", "dérivation en chaîne"),
    "independent of it": ("unabhängig davon", "indépendant"),
    "through {q}": ("über {q}", "par {q}"),
    "An adjoint is the derivative of the loss":
        ("Eine Adjungierte ist die Ableitung des Verlusts",
         "Un adjoint est la dérivée de la perte"),
    "As NumPy's einsum": ("Als einsum von NumPy", "Comme einsum de NumPy"),
}  # fmt: skip
