"""What `check` says, in German and French, by its English.

Gives `SAYINGS`: German and French of each.  What a formula could not be read for stays in the
words of the reader.  Imports nothing.

To add a saying: its row here; `{x}` stands for what is particular, and may be a saying again.
"""

from __future__ import annotations

SAYINGS = {
    # the page
    "A derivation, checked": ("Eine Herleitung, geprüft", "Une dérivation, vérifiée"),
    "The derivation": ("Die Herleitung", "La dérivation"),
    "Definitions": ("Definitionen", "Définitions"),
    "Assumptions": ("Voraussetzungen", "Hypothèses"),
    "as it was written": ("wie es dasteht", "tel qu’il est écrit"),
    "line {n}": ("Zeile {n}", "ligne {n}"),
    "Line {n}": ("Zeile {n}", "Ligne {n}"),
    "Every line": ("Alle Zeilen", "Toutes les lignes"),
    "or": ("oder", "ou"),
    "and": ("und", "et"),
    # the summary
    "No line of a derivation was found.":
        ("Keine Zeile einer Herleitung wurde gefunden.",
         "Aucune ligne de dérivation n’a été trouvée."),
    "{n} of {m} lines follow":
        ("Zeilen, die folgen: {n} von {m}", "lignes qui s’ensuivent : {n} sur {m}"),
    "{n} of them if something is added":
        ("{n} davon, wenn etwas ergänzt wird", "dont {n} si l’on ajoute quelque chose"),
    "{n} wrong": ("{n} falsch", "{n} fausses"),
    "{n} undecided": ("{n} unentschieden", "{n} indécidées"),
    "{n} not read": ("{n} nicht gelesen", "{n} non lues"),
    "The first line that does not follow is line {l}":
        ("Die erste Zeile, die nicht folgt, ist Zeile {l}",
         "La première ligne qui ne s’ensuit pas est la ligne {l}"),
    # verdicts
    "follows": ("folgt", "s’ensuit"),
    "follows if something is added":
        ("folgt, wenn etwas ergänzt wird", "s’ensuit si l’on ajoute quelque chose"),
    "undecided": ("unentschieden", "indécidé"),
    "not read": ("nicht gelesen", "non lu"),
    "does not follow": ("folgt nicht", "ne s’ensuit pas"),
    "follows: {s}": ("folgt: {s}", "s’ensuit : {s}"),
    "with {u}": ("mit {u}", "avec {u}"),
    "follows if {n}, which the text does not say ({s})":
        ("folgt, wenn {n}, was der Text nicht sagt ({s})",
         "s’ensuit si {n}, ce que le texte ne dit pas ({s})"),
    "not read: {n}": ("nicht gelesen: {n}", "non lu : {n}"),
    "undecided: {n}": ("unentschieden: {n}", "indécidé : {n}"),
    "column {n}: {m}": ("Spalte {n}: {m}", "colonne {n} : {m}"),
    "held to the start of the chain it is right again: errors cancel":
        ("am Anfang der Kette gemessen stimmt sie wieder: Fehler heben sich auf",
         "comparée au début de la chaîne elle redevient juste : des erreurs se compensent"),
    "it follows from the line before, which is not what the chain began with":
        ("sie folgt aus der Zeile davor, die nicht mehr ist, womit die Kette begann",
         "elle s’ensuit de la ligne précédente, qui n’est plus ce qui commence la chaîne"),
    "at {p} it says {r} for {l}, a difference of {d}":
        ("bei {p} sagt sie {r} statt {l}, ein Unterschied von {d}",
         "en {p} elle dit {r} au lieu de {l}, une différence de {d}"),
    "at {p} it says {r} for {l}":
        ("bei {p} sagt sie {r} statt {l}", "en {p} elle dit {r} au lieu de {l}"),
    "proved": ("bewiesen", "démontré"),
    "proved for every {k}": ("bewiesen für jedes {k}", "démontré pour tout {k}"),
    "proved at {k}": ("bewiesen für {k}", "démontré pour {k}"),
    "exact": ("exakt", "exact"),
    "exact at {k}": ("exakt für {k}", "exact pour {k}"),
    "taken as a definition": ("als Definition genommen", "pris comme définition"),
    "taken as given": ("als gegeben genommen", "pris comme donné"),
    "the chain begins here": ("die Kette beginnt hier", "la chaîne commence ici"),
    "nothing is said here": ("hier wird nichts gesagt", "rien n’est dit ici"),
    # what would be right
    "{m}, if {f}": ("{m}, wenn {f}", "{m}, si {f}"),
    "{m} in the term {t}": ("{m} im Term {t}", "{m} dans le terme {t}"),
    "right with − for + before {t}":
        ("richtig mit − statt + vor {t}", "juste avec − au lieu de + devant {t}"),
    "right with + for − before {t}":
        ("richtig mit + statt − vor {t}", "juste avec + au lieu de − devant {t}"),
    "right with {a} for {b}": ("richtig mit {a} statt {b}", "juste avec {a} au lieu de {b}"),
    "right with the opposite sign":
        ("richtig mit umgekehrtem Vorzeichen", "juste avec le signe opposé"),
    "{x} is transposed: {a} for {b}":
        ("{x} ist transponiert: {a} statt {b}", "{x} est transposé : {a} au lieu de {b}"),
    "the factor {t} is missing": ("der Faktor {t} fehlt", "il manque le facteur {t}"),
    "the term {t} is missing": ("der Term {t} fehlt", "il manque le terme {t}"),
    "the factor {t} is too many":
        ("der Faktor {t} ist zu viel", "le facteur {t} est de trop"),
    "the term {t} is too many": ("der Term {t} ist zu viel", "le terme {t} est de trop"),
    "a factor 2 is missing": ("ein Faktor 2 fehlt", "il manque un facteur 2"),
    "a factor 2 is too many": ("ein Faktor 2 ist zu viel", "un facteur 2 est de trop"),
    "{t} is missing": ("{t} fehlt", "il manque {t}"),
    "a {t} is missing": ("ein {t} fehlt", "il manque un {t}"),
    "{t} is too many": ("{t} ist zu viel", "{t} est de trop"),
    # what a line needs, and what keeps it from being decided
    "the derivative is laid out the other way":
        ("die Ableitung andersherum angeordnet ist", "la dérivée est disposée dans l’autre sens"),
    "the sum over {x} also covers the term behind it":
        ("die Summe über {x} auch den Term dahinter umfasst",
         "la somme sur {x} couvre aussi le terme qui suit"),
    "the sum over {x} covers its first term only":
        ("die Summe über {x} nur ihren ersten Term umfasst",
         "la somme sur {x} ne couvre que son premier terme"),
    "repeated indices are summed over ({x})":
        ("über doppelte Indizes summiert wird ({x})",
         "l’on somme sur les indices répétés ({x})"),
    "{n} is the number of terms":
        ("{n} die Zahl der Terme ist", "{n} est le nombre de termes"),
    "{x} is held fixed": ("{x} festgehalten wird", "{x} est tenu fixe"),
    "{x} are held fixed": ("{x} festgehalten werden", "{x} sont tenus fixes"),
    "{x} is symmetric": ("{x} symmetrisch ist", "{x} est symétrique"),
    "{x} is one-hot": ("{x} ein Einheitsvektor ist", "{x} est un vecteur « one-hot »"),
    "{x} is not 0": ("{x} nicht 0 ist", "{x} n’est pas 0"),
    "{x} is positive": ("{x} positiv ist", "{x} est positif"),
    "{x} are positive": ("{x} positiv sind", "{x} sont positifs"),
    "{x} depends on {y} alone": ("{x} nur von {y} abhängt", "{x} ne dépend que de {y}"),
    "agrees at {n} points if {x}":
        ("stimmt an {n} Punkten, wenn {x}", "vrai en {n} points si {x}"),
    "nothing was decided": ("nichts wurde entschieden", "rien n’a été décidé"),
    "no way was found in which the shapes fit":
        ("die Formen passen auf keine Weise zusammen",
         "les formes ne s’accordent d’aucune façon"),
    "it does not follow if {x}": ("sie folgt nicht, wenn {x}", "elle ne s’ensuit pas si {x}"),
    "it does not follow where the rows of a Jacobian are the function":
        ("sie folgt nicht, wo die Zeilen einer Jacobi-Matrix die der Funktion sind",
         "elle ne s’ensuit pas si les lignes d’une jacobienne sont celles de la fonction"),
    "only its form is read: {x}":
        ("nur ihre Form ist gelesen: {x}", "seule sa forme est lue : {x}"),
    "of {x} only the form is known":
        ("von {x} ist nur die Form bekannt", "de {x} on ne connaît que la forme"),
    "nothing says what {x} is": ("nichts sagt, was {x} ist", "rien ne dit ce qu’est {x}"),
    "nothing says how it depends on {x}":
        ("nichts sagt, wie es von {x} abhängt", "rien ne dit comment cela dépend de {x}"),
    "nothing says how {x} depends on {y}":
        ("nichts sagt, wie {x} von {y} abhängt", "rien ne dit comment {x} dépend de {y}"),
    "nothing says which function {x} is":
        ("nichts sagt, welche Funktion {x} ist", "rien ne dit quelle fonction est {x}"),
    "{x} has more than one meaning in the text":
        ("{x} hat im Text mehr als eine Bedeutung", "{x} a plus d’un sens dans le texte"),
    "{x} stands nowhere before, and nothing says what it is":
        ("{x} steht nirgends davor, und nichts sagt, was es ist",
         "{x} n’apparaît pas plus haut, et rien ne dit ce que c’est"),
    "{x} is something else above; taken as another meaning of it":
        ("{x} ist oben etwas anderes; als andere Bedeutung genommen",
         "{x} est autre chose plus haut ; pris dans un autre sens"),
    "{x} is defined in an earlier section, and may be something else here":
        ("{x} ist in einem früheren Abschnitt definiert und kann hier etwas anderes sein",
         "{x} est défini dans une section précédente, et peut être autre chose ici"),
    "what it goes on from is missing":
        ("wovon sie ausgeht, fehlt", "ce dont elle part manque"),
    "it is said to be implied, and may hold only where the equation before does":
        ("sie soll daraus folgen und gilt vielleicht nur, wo die Gleichung davor gilt",
         "elle est dite impliquée, et ne vaut peut-être que là où vaut l’équation précédente"),
    "it may hold only where the equation above it does":
        ("sie gilt vielleicht nur, wo die Gleichung darüber gilt",
         "elle ne vaut peut-être que là où vaut l’équation au-dessus"),
    "an equation to be solved, or numbers put in for letters":
        ("eine Gleichung, die zu lösen ist, oder Zahlen statt Buchstaben",
         "une équation à résoudre, ou des nombres mis pour des lettres"),
    "an update of {x}, and no equality":
        ("eine Änderung von {x}, und keine Gleichheit",
         "une mise à jour de {x}, et non une égalité"),
    "its numbers may be rounded":
        ("ihre Zahlen können gerundet sein", "ses nombres sont peut-être arrondis"),
    "differentials are not checked":
        ("Differentiale werden nicht geprüft", "les différentielles ne sont pas vérifiées"),
    "nothing says what a change is that is written with δ or Δ":
        ("nichts sagt, was eine mit δ oder Δ geschriebene Änderung ist",
         "rien ne dit ce qu’est une variation écrite avec δ ou Δ"),
    "{x} may have an upper index, and no power":
        ("{x} kann einen oberen Index haben, und keine Potenz",
         "{x} a peut-être un indice supérieur, et non une puissance"),
    "{x} may be a mean, which nothing says":
        ("{x} kann ein Mittelwert sein, was nichts sagt",
         "{x} est peut-être une moyenne, ce que rien ne dit"),
    "it relates {x} to {y}, and nothing says more of them":
        ("sie verbindet {x} mit {y}, und nichts sagt mehr darüber",
         "elle relie {x} à {y}, et rien n’en dit davantage"),
    "{x}; only equalities are checked":
        ("{x}; nur Gleichheiten werden geprüft", "{x} ; seules les égalités sont vérifiées"),
    "it took too long to try every reading":
        ("jede Lesart zu prüfen dauerte zu lange",
         "il aurait été trop long d’essayer chaque lecture"),
    "there was no time for it": ("dafür war keine Zeit", "le temps a manqué"),
    "there was no memory for it": ("dafür war kein Speicher da", "la mémoire a manqué"),
    "the time for the text was over before it":
        ("die Zeit für den Text war vorher um", "le temps pour le texte était écoulé avant"),
    "it is nested too deep":
        ("sie ist zu tief verschachtelt", "elle est trop profondément imbriquée"),
    "{x} is not closed": ("{x} ist nicht geschlossen", "{x} n’est pas fermé"),
    # notes
    "{n} equations in the running text not checked, from line {l} on; "
    "what is checked stands in a display":
        ("{n} Gleichungen im Fließtext nicht geprüft, ab Zeile {l}; geprüft wird, was in einer "
         "abgesetzten Formel steht",
         "{n} équations du texte courant non vérifiées, à partir de la ligne {l} ; ce qui est "
         "vérifié est hors texte"),
    "1 equation in the running text not checked, from line {l} on; "
    "what is checked stands in a display":
        ("1 Gleichung im Fließtext nicht geprüft, ab Zeile {l}; geprüft wird, was in einer "
         "abgesetzten Formel steht",
         "1 équation du texte courant non vérifiée, à partir de la ligne {l} ; ce qui est "
         "vérifié est hors texte"),
    "{s} seconds were over before {n} lines, from line {l} on; "
    "--timeout SECONDS (in Python timeout=) gives it more":
        ("{s} Sekunden waren vor {n} Zeilen um, ab Zeile {l}; --timeout SEKUNDEN (in Python "
         "timeout=) gibt mehr",
         "{s} secondes étaient écoulées avant {n} lignes, à partir de la ligne {l} ; --timeout "
         "SECONDES (en Python timeout=) en donne plus"),
    "{s} seconds were over before 1 line, from line {l} on; "
    "--timeout SECONDS (in Python timeout=) gives it more":
        ("{s} Sekunden waren vor 1 Zeile um, ab Zeile {l}; --timeout SEKUNDEN (in Python "
         "timeout=) gibt mehr",
         "{s} secondes étaient écoulées avant 1 ligne, à partir de la ligne {l} ; --timeout "
         "SECONDES (en Python timeout=) en donne plus"),
}  # fmt: skip
