"""Numbers: the atoms that carry the numerical care, and the passes that make them fast.

Gives the functions that formulas are printed in.  They are the only numerical code of the package
that is written by hand; everything on top of them is generated from derivations.  Imports NumPy
only; the passes over rows marked `compiled` have `kernels`, which run where Numba is installed.

Common to all: the last axis holds the classes and every leading axis is a batch; float32 stays
float32 and integers are taken as float64; inputs are never changed; `out=` takes the result;
legal input gives no warning, and nan only where the input has one.

To add an atom: give it a file or a place beside its kin, export it here, state its bound, and
let `symderiv.verification` try it.
"""

from symderiv.numeric.arrays import chosen, deliver, integers
from symderiv.numeric.inputs import (
    logits_called,
    one_batch,
    size,
    summing_to_one,
    together,
)
from symderiv.numeric.jacobians import (
    jacobian,
    jacobian_diagonal,
    jacobian_entry,
    log_jacobian,
)
from symderiv.numeric.losses import (
    label_gradient,
    label_loss,
    label_loss_and_gradient,
    target_gradient,
    target_loss,
    target_loss_and_gradient,
)
from symderiv.numeric.norms import centred, root_of_squares
from symderiv.numeric.odds import label_odds_gradient, log_complement, odds_jacobian
from symderiv.numeric.outputs import (
    add_up,
    along,
    computed,
    matrix,
    onto,
    taken,
)
from symderiv.numeric.products import (
    jacobian_product,
    log_jacobian_product,
    log_jacobian_transposed_product,
    weighted,
)
from symderiv.numeric.sigmoid import (
    erf,
    erfc,
    log_cosh,
    log_ratio,
    log_sigmoid,
    sigmoid,
    sigmoid_times,
    softplus,
    zero_times,
)
from symderiv.numeric.softmax import complement, log_softmax, logsumexp, softmax, tempered

__all__ = [
    "add_up",
    "along",
    "centred",
    "chosen",
    "complement",
    "computed",
    "deliver",
    "erf",
    "erfc",
    "integers",
    "jacobian",
    "jacobian_diagonal",
    "jacobian_entry",
    "jacobian_product",
    "label_gradient",
    "label_loss",
    "label_loss_and_gradient",
    "label_odds_gradient",
    "log_complement",
    "log_cosh",
    "log_jacobian",
    "log_jacobian_product",
    "log_jacobian_transposed_product",
    "log_ratio",
    "log_sigmoid",
    "log_softmax",
    "logits_called",
    "logsumexp",
    "matrix",
    "odds_jacobian",
    "one_batch",
    "onto",
    "root_of_squares",
    "sigmoid",
    "sigmoid_times",
    "size",
    "softmax",
    "softplus",
    "summing_to_one",
    "taken",
    "target_gradient",
    "target_loss",
    "target_loss_and_gradient",
    "tempered",
    "together",
    "weighted",
    "zero_times",
]
