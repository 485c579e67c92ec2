"""What the site says, in German and French, by its English.

Gives `SAYINGS`: German and French of each.  Imports nothing.

To add a saying: its row here; `{x}` stands for what is particular.
"""

from __future__ import annotations

SAYINGS = {
    "Derivations": ("Herleitungen", "Dérivations"),
    "Site": ("Website", "Site"),
    "Search": ("Suche", "Recherche"),
    "derivation": ("Herleitung", "dérivation"),
    "closed form": ("geschlossene Form", "forme close"),
    "verdict": ("Urteil", "verdict"),
    "Networks": ("Netze", "Réseaux"),
    "network": ("Netz", "réseau"),
    "size": ("Größe", "taille"),
    "{n} stages, {m} edges": ("{n} Stufen, {m} Kanten", "{n} étapes, {m} arêtes"),
    "Rules": ("Regeln", "Règles"),
    "rule": ("Regel", "règle"),
    "law": ("Gesetz", "loi"),
    "pages": ("Seiten", "pages"),
    "Examples": ("Beispiele", "Exemples"),
    "Where it is used": ("Wo sie gebraucht wird", "Où elle sert"),
    "In no derivation of the catalogue.":
        ("In keiner Herleitung des Katalogs.", "Dans aucune dérivation du catalogue."),
    "The law is proved by the judge, with unknown functions in it.":
        ("Das Gesetz ist vom Prüfer bewiesen, mit unbekannten Funktionen darin.",
         "La loi est démontrée par le juge, avec des fonctions inconnues."),
    "proved": ("bewiesen", "démontré"),
    "proved for every {k}": ("bewiesen für jedes {k}", "démontré pour tout {k}"),
    "proved at {k}": ("bewiesen für {k}", "démontré pour {k}"),
    "exact at sizes": ("exakt bei Größen", "exact pour des tailles"),
    "exact at sizes for every {k}":
        ("exakt bei Größen, für jedes {k}", "exact pour des tailles, pour tout {k}"),
    "exact at sizes at {k}": ("exakt für {k}", "exact pour {k}"),
    # subjects
    "Activations of one unit":
        ("Aktivierungen einer Einheit", "Activations d’une unité"),
    "Cross-entropy of softmax, with class labels and with soft targets":
        ("Kreuzentropie von Softmax, mit Klassen und mit weichen Zielen",
         "Entropie croisée de softmax, à étiquettes et à cibles douces"),
    "First steps: partial derivatives of functions of two scalars":
        ("Erste Schritte: partielle Ableitungen von Funktionen zweier Zahlen",
         "Premiers pas : dérivées partielles de fonctions de deux nombres"),
    "Quadratic and bilinear forms, traces and norms":
        ("Quadratische und bilineare Formen, Spuren und Normen",
         "Formes quadratiques et bilinéaires, traces et normes"),
    "Losses through a layer: weights, biases, inputs, batches":
        ("Verluste durch eine Schicht: Gewichte, Bias, Eingaben, Stapel",
         "Pertes à travers une couche : poids, biais, entrées, lots"),
    "Losses of regression, margins and factorisations":
        ("Verluste von Regression, Margen und Faktorisierungen",
         "Pertes de régression, de marges et de factorisations"),
    "Softmax and its relatives: from logits to probabilities":
        ("Softmax und Verwandte: von Logits zu Wahrscheinlichkeiten",
         "Softmax et ses proches : des logits aux probabilités"),
}  # fmt: skip
