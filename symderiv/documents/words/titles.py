"""What pages are headed with, in German and French, by its English.

Gives `SAYINGS`: German and French of each.  What a function of the catalogue is called says its
own file.  Imports nothing.

To add a title: its row here; `{x}` stands for what is particular.
"""

from __future__ import annotations

SAYINGS = {
    # what a derivation is, and by which way
    "{t}, by the chain rule": ("{t}, nach der Kettenregel", "{t}, par la règle de la chaîne"),
    "{t}, by the quotient rule":
        ("{t}, nach der Quotientenregel", "{t}, par la dérivée d’un quotient"),
    "{t}, by the product rule":
        ("{t}, nach der Produktregel", "{t}, par la dérivée d’un produit"),
    "{t}, by the logarithm of a quotient":
        ("{t}, nach dem Logarithmus eines Quotienten", "{t}, par le logarithme d’un quotient"),
    "{t} at K = {n}": ("{t} bei K = {n}", "{t} pour K = {n}"),
    "{t}, with respect to {x}": ("{t}, nach {x}", "{t}, par rapport à {x}"),
    "{t} with respect to {x}": ("{t} nach {x}", "{t} par rapport à {x}"),
    # networks of the book
    "A network of two layers": ("Ein Netz aus zwei Schichten", "Un réseau à deux couches"),
    "Attention": ("Attention", "Attention"),
    "Layer norm in a residual block":
        ("Schichtnormalisierung in einem Residualblock",
         "Normalisation de couche dans un bloc résiduel"),
    "An LSTM of any length": ("Ein LSTM jeder Länge", "Un LSTM de longueur quelconque"),
    "A graph convolution of two layers":
        ("Eine Graphfaltung aus zwei Schichten", "Une convolution de graphe à deux couches"),
    "A variational autoencoder":
        ("Ein variationaler Autoencoder", "Un autoencodeur variationnel"),
    "A block of a transformer":
        ("Ein Block eines Transformers", "Un bloc d’un transformeur"),
}  # fmt: skip
