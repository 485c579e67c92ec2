"""The passes over whole blocks, compiled: what `compiled` puts in the place of NumPy's.

Gives `sum_rows`; `softmax_rows`, `apart_rows`, `label_rows`, `target_rows`; `product_rows`,
`log_product_rows` and `log_transposed_rows`: each the kernel of the function of its name.  They
return the rows that they leave to NumPy: those that need a shift, or hold numbers that are
subnormal, infinite or nan.  Imports NumPy and Numba only; imported only where Numba is installed.

An exponential is e^z = 2^n e^r, n the whole number nearest to z / log 2, |r| ≤ log(2)/2, and the
Taylor series of e^r is cut below a tenth of a unit in the last place.  As plain arithmetic it
becomes vector instructions, which calls of a library do not.  Whatever is sensitive to the order
of operations is in kernels without `reassoc`.

All stand in one file: what Numba keeps on disk is made anew when the file of a kernel changes, not
when that of a kernel it calls does.
"""

from __future__ import annotations

from math import exp, factorial
from pickle import UnpicklingError
from typing import Any

import numpy as np
from numba import njit, types
from numba.core.errors import NumbaError
from numba.extending import overload

from symderiv.numeric.arrays import Array
from symderiv.numeric.blocks import NARROW

# What a kernel can end with: what is kept on disk is damaged or cannot be written.
FAILURES = (OSError, EOFError, UnpicklingError, NumbaError)
GROUP = 4096  # elements taken through all steps together: they stay in a core's first cache

single, double = np.float32, np.float64
TINY_64, TINY_32 = float(np.finfo(double).tiny), float(np.finfo(single).tiny)
MOST_64, MOST_32 = float(np.finfo(double).max) / 8, float(np.finfo(single).max) / 8
FAR_64, FAR_32 = 708.0, single(87)  # beyond, e^z may be subnormal or too large

# Added to a number, this leaves the nearest whole number in the last digits of the sum.
WHOLE_64, WHOLE_32 = 1.5 * 2.0**52, single(1.5 * 2.0**23)
PER_LOG2_64, PER_LOG2_32 = 1 / np.log(2.0), single(1 / np.log(2.0))
# log 2 in two parts, a whole number times the first being exact (W. J. Cody, W. Waite, 1980)
UPPER_64, LOWER_64 = 6.93147180369123816490e-01, 1.90821492927058770002e-10
UPPER_32, LOWER_32 = single(0.693359375), single(-2.12194440054690583e-4)
SERIES_64 = tuple(1 / factorial(k) for k in range(14))
SERIES_32 = tuple(single(1 / factorial(k)) for k in range(8))
WHOLE = np.int64(np.float64(WHOLE_64).view(np.int64))
HALF = np.int64(np.sqrt(0.5).view(np.int64))  # so that 1 + f is between √½ and √2
MANTISSA = np.int64(2**52 - 1)
# artanh s = s (1 + s² Σ_k s^(2k) / (2k + 3))
ARTANH = tuple(1 / (2 * k + 3) for k in range(10))


def kernel(*fast: str) -> Any:
    """Compiled at its first call for a dtype, kept on disk, run without Python's lock."""

    def made(function: Any) -> Any:
        for kept in (True, False):
            try:
                return njit(nogil=True, cache=kept, error_model="numpy", fastmath=set(fast))(
                    function
                )
            except RuntimeError:  # no folder that may be written to
                if not kept:
                    raise

    return made


@kernel("contract")
def _exps_64(z: Array, e: Array) -> bool:
    near = True
    for j in range(z.size):
        x = z[j]
        near &= abs(x) <= FAR_64
        n = x * PER_LOG2_64 + WHOLE_64
        whole = n - WHOLE_64
        upper = x - whole * UPPER_64
        r = upper - whole * LOWER_64
        missing = (upper - r) - whole * LOWER_64
        t = SERIES_64[13]
        t = t * r + SERIES_64[12]
        t = t * r + SERIES_64[11]
        t = t * r + SERIES_64[10]
        t = t * r + SERIES_64[9]
        t = t * r + SERIES_64[8]
        t = t * r + SERIES_64[7]
        t = t * r + SERIES_64[6]
        t = t * r + SERIES_64[5]
        t = t * r + SERIES_64[4]
        t = t * r + SERIES_64[3]
        t = t * r + SERIES_64[2]
        power = np.int64((double(n).view(np.int64) + 1023) << 52).view(double)
        most = 1 + r
        e[j] = (most + ((r - (most - 1)) + (r * r * t + missing))) * power
    return near


@kernel("contract")
def _exps_32(z: Array, e: Array) -> bool:
    near = True
    for j in range(z.size):
        x = z[j]
        near &= abs(x) <= FAR_32
        n = x * PER_LOG2_32 + WHOLE_32
        whole = n - WHOLE_32
        r = (x - whole * UPPER_32) - whole * LOWER_32
        t = SERIES_32[7]
        t = t * r + SERIES_32[6]
        t = t * r + SERIES_32[5]
        t = t * r + SERIES_32[4]
        t = t * r + SERIES_32[3]
        t = t * r + SERIES_32[2]
        power = np.int32((single(n).view(np.int32) + np.int32(127)) << np.int32(23)).view(single)
        most = single(1) + r
        e[j] = (most + ((r - (most - single(1))) + r * r * t)) * power
    return near


@kernel()
def _far(z: Array, e: Array) -> None:
    """The exponentials that the series is not for."""
    far = _limits(e)[2]
    for j in range(z.size):
        if not abs(z[j]) <= far:
            e[j] = exp(z[j])


@kernel("reassoc", "nsz")
def _quick_sum(e: Array) -> float:
    """The sum in double, however it is quickest."""
    total = 0.0
    for j in range(e.size):
        total += double(e[j])
    return total


@kernel("reassoc", "nsz")
def _magnitude(e: Array) -> float:
    total = 0.0
    for j in range(e.size):
        total += abs(e[j])
    return total


@kernel()
def _sums_one_by_one(e: Array, width: int, sums: Array) -> None:
    """With what each addition loses, to be added at the end."""
    j = np.uintp(0)  # an index that cannot be negative is not looked at
    for i in range(sums.size):
        total = lost = 0.0
        for _ in range(width):
            more = total + e[j]
            back = more - total
            lost += (total - (more - back)) + (e[j] - back)
            total = more
            j += np.uintp(1)
        sums[i] = total + lost if lost == lost else total  # past the largest number, and at inf


@kernel()
def _sum_by_grids(e: Array) -> float:
    """Parts above a grid and parts below it, both counted in whole numbers: any order is exact."""
    rough = _magnitude(e)
    if not 2.0**-900 < rough < 2.0**1000:
        total = np.empty(1)
        _sums_one_by_one(e, e.size, total)
        return double(total[0])
    power = np.int64(double(rough).view(np.int64) & np.int64(0x7FF << 52)).view(double)
    upper, lower = power * 6, power * 1.5 * 2.0**-30
    first, second = double(upper).view(np.int64), double(lower).view(np.int64)
    above = below = np.int64(0)
    for j in range(e.size):
        t = e[j] + upper
        above += double(t).view(np.int64) - first
        below += double((e[j] - (t - upper)) + lower).view(np.int64) - second
    unit = np.int64(first + 1).view(double) - upper
    least = np.int64(second + 1).view(double) - lower
    return above * unit + below * least


@kernel()
def _sums_64(e: Array, width: int, sums: Array) -> None:
    if width <= NARROW:
        _sums_one_by_one(e, width, sums)
    else:
        for i in range(sums.size):
            sums[i] = _sum_by_grids(e[i * width : (i + 1) * width])


@kernel()
def _sums_32(e: Array, width: int, sums: Array) -> None:
    if width <= NARROW:
        j = np.uintp(0)
        for i in range(sums.size):
            total = 0.0
            for _ in range(width):
                total += double(e[j])
                j += np.uintp(1)
            sums[i] = total
    else:
        for i in range(sums.size):
            sums[i] = _quick_sum(e[i * width : (i + 1) * width])


@kernel("contract")
def _log1p(x: Array, out: Array) -> None:
    """log(1 + x) for x ≥ 0: with 1 + x = 2^n (1 + f), f - s(f - R) for s = f/(2 + f).

    R = 2s² Σ_k s^(2k)/(2k + 3); what 1 + x is rounded by is put back (K. C. Ng, 1986).
    """
    for i in range(x.size):
        u = 1 + x[i]
        missing = (x[i] - (u - 1)) / u
        bits = double(u).view(np.int64) - HALF
        whole = np.int64((bits >> 52) | WHOLE).view(double) - WHOLE_64
        f = np.int64((bits & MANTISSA) + HALF).view(double) - 1
        s = f / (2 + f)
        w = s * s
        t = ARTANH[9]
        t = t * w + ARTANH[8]
        t = t * w + ARTANH[7]
        t = t * w + ARTANH[6]
        t = t * w + ARTANH[5]
        t = t * w + ARTANH[4]
        t = t * w + ARTANH[3]
        t = t * w + ARTANH[2]
        t = t * w + ARTANH[1]
        t = t * w + ARTANH[0]
        half = f * f / 2
        inner = s * (half + 2 * w * t) + (whole * LOWER_64 + missing)
        out[i] = whole * UPPER_64 - ((half - inner) - f)


@kernel()
def _share(e: Array, width: int, sums: Array) -> None:
    """Each row over its sum.

    A wide row times the inverse, which is rounded twice; in single nothing is lost by that.
    """
    j = np.uintp(0)
    for i in range(sums.size):
        if width <= NARROW and e.itemsize == 8:
            total = e.dtype.type(sums[i])
            for k in range(width):
                e[j + np.uintp(k)] /= total
        else:
            factor = e.dtype.type(1 / sums[i])
            for k in range(width):
                e[j + np.uintp(k)] *= factor
        j += np.uintp(width)


# One kernel serves both dtypes but for these three, which Numba chooses by their argument.


def _exps(z, e):
    """Fill e with the exponentials of z; whether none can be subnormal or too large."""
    raise NotImplementedError


def _sums(e, width, sums):
    """The sum of each row of `width` numbers, to the last digit in double."""
    raise NotImplementedError


def _limits(e):
    """The smallest number with all its digits, what a sum of exponentials may reach, and the
    largest argument of the series.
    """
    raise NotImplementedError


@overload(_exps, inline="always")
def _exps_of(z, e):
    if z.dtype == types.float64:
        return lambda z, e: _exps_64(z, e)
    return lambda z, e: _exps_32(z, e)


@overload(_sums, inline="always")
def _sums_of(e, width, sums):
    if e.dtype == types.float64:
        return lambda e, width, sums: _sums_64(e, width, sums)
    return lambda e, width, sums: _sums_32(e, width, sums)


@overload(_limits, inline="always")
def _limits_of(e):
    if e.dtype == types.float64:
        return lambda e: (TINY_64, MOST_64, FAR_64)
    return lambda e: (TINY_32, MOST_32, FAR_32)


@kernel()
def sum_rows(e: Array, sums: Array) -> Array:
    _sums(e.reshape(-1), e.shape[1], sums)
    return np.empty(0, np.intp)


@kernel()
def _fill(z: Array, e: Array) -> bool:
    """Fill e with any exponentials; whether the series was for all."""
    if _exps(z, e):
        return True
    _far(z, e)
    return False


@kernel()
def _leave(z: Array, sums: Array, near: bool, left: Array) -> None:
    """Rows with too large a sum, and with so small a one that subnormal entries count."""
    _, most, far = _limits(z)
    width = z.size // sums.size
    for i in range(sums.size):
        left[i] = not sums[i] <= most
        if not near and sums[i] < 0.5:
            for j in range(i * width, (i + 1) * width):
                left[i] |= not abs(z[j]) <= far


@kernel()
def _softmax(z: Array, p: Array, sums: Array, left: Array) -> None:
    """Softmax of a group of rows."""
    width = p.size // sums.size
    near = _fill(z, p)
    _sums(p, width, sums)
    _leave(z, sums, near, left)
    _share(p, width, sums)


@kernel()
def softmax_rows(z: Array, p: Array) -> Array:
    rows, width = z.shape
    z, p = z.reshape(-1), p.reshape(-1)
    left, sums = np.empty(rows, np.bool_), np.empty(rows)
    step = max(1, GROUP // width)
    for first in range(0, rows, step):
        last = min(first + step, rows)
        a, b = first * width, last * width
        _softmax(z[a:b], p[a:b], sums[first:last], left[first:last])
    return np.flatnonzero(left)


@kernel()
def _apart(
    z: Array, y: Array, e: Array, own: Array, others: Array, loss: Array, left: Array, spare: Array
) -> None:
    """Fill e but for the entries y, which are 0; those, the sums of the others, and the losses."""
    width = e.size // y.size
    tiny = _limits(e)[0]
    faint = 4 * width * tiny if width > 1 else 0.0
    near = _fill(z, e)
    for i in range(y.size):
        at = i * width + y[i]
        own[i] = e[at] if e[at] >= tiny else exp(double(z[at]))
        e[at] = 0
    _sums(e, width, others)
    for i in range(y.size):
        spare[i] = own[i] + others[i]
    _leave(z, spare, near, left)
    for i in range(y.size):
        spare[i] = others[i] / own[i]
        left[i] |= not (spare[i] < np.inf and others[i] >= faint and own[i] >= TINY_64)
    _log1p(spare, loss)


@kernel()
def apart_rows(z: Array, chosen: Array, e: Array, own: Array, others: Array, loss: Array) -> Array:
    rows, width = z.shape
    z, e = z.reshape(-1), e.reshape(-1)
    left = np.empty(rows, np.bool_)
    step = max(1, GROUP // width)
    spare = np.empty(step)
    for first in range(0, rows, step):
        last = min(first + step, rows)
        a, b, size = first * width, last * width, last - first
        one, rest, losses = own[first:last], others[first:last], loss[first:last]
        out = left[first:last]
        _apart(z[a:b], chosen[first:last], e[a:b], one, rest, losses, out, spare[:size])
    return np.flatnonzero(left)


@kernel()
def label_rows(z: Array, y: Array, loss: Array, g: Array) -> Array:
    rows, width = z.shape
    z, g = z.reshape(-1), g.reshape(-1)
    left = np.empty(rows, np.bool_)
    step = max(1, GROUP // width)
    own, others, spare = np.empty(step), np.empty(step), np.empty(step)
    for first in range(0, rows, step):
        last = min(first + step, rows)
        a, b, size = first * width, last * width, last - first
        one, rest, sums, losses = own[:size], others[:size], spare[:size], loss[first:last]
        _apart(z[a:b], y[first:last], g[a:b], one, rest, losses, left[first:last], sums)
        for i in range(size):
            sums[i] = one[i] + rest[i]
        _share(g[a:b], width, sums)
        for i in range(size):
            g[a + i * width + y[first + i]] = 0 - rest[i] / sums[i]
    return np.flatnonzero(left)


@kernel("nnan", "nsz")
def _tops(z: Array, tops: Array) -> None:
    """The place of a largest entry of each row."""
    width = z.size // tops.size
    j = np.uintp(0)
    for i in range(tops.size):
        top = z[j]
        for k in range(width):
            x = z[j + np.uintp(k)]
            top = x if x > top else top
        place = 0
        while place < width - 1 and z[j + np.uintp(place)] != top:
            place += 1
        tops[i] = place
        j += np.uintp(width)


@kernel()
def _losses(z: Array, y: Array, tops: Array, least: Array, terms: Array) -> None:
    """y_i ((z_m - z_i) - log p_m), m the largest logit of a row."""
    width = z.size // tops.size
    j = np.uintp(0)
    for i in range(tops.size):
        top, more = z[j + np.uintp(tops[i])], z.dtype.type(least[i])
        for k in range(width):
            here = j + np.uintp(k)
            terms[here] = ((top - z[here]) + more) * y[here]
        j += np.uintp(width)


@kernel()
def target_rows(z: Array, y: Array, terms: Array, loss: Array, g: Array) -> Array:
    rows, width = z.shape
    z, y, terms, g = z.reshape(-1), y.reshape(-1), terms.reshape(-1), g.reshape(-1)
    left = np.empty(rows, np.bool_)
    step = max(1, GROUP // width)
    own, others, least, spare = np.empty(step), np.empty(step), np.empty(step), np.empty(step)
    tops = np.empty(step, np.intp)
    for first in range(0, rows, step):
        last = min(first + step, rows)
        a, b, size = first * width, last * width, last - first
        one, rest, sums, most = own[:size], others[:size], spare[:size], tops[:size]
        fail = left[first:last]
        _tops(z[a:b], most)
        _apart(z[a:b], most, g[a:b], one, rest, least[:size], fail, sums)
        _losses(z[a:b], y[a:b], most, least[:size], terms[a:b])
        _sums(terms[a:b], width, sums)
        for i in range(size):
            loss[first + i] = sums[i]
            fail[i] |= not abs(sums[i]) < np.inf
            sums[i] = one[i] + rest[i]
        _share(g[a:b], width, sums)
        for j in range(a, b):
            g[j] -= y[j]
        for i in range(size):
            at = a + i * width + most[i]
            sure = double(y[at])
            if sure > 0.5:
                g[at] = (1 - sure) - rest[i] / sums[i]
            else:
                g[at] = one[i] / sums[i] - sure
    return np.flatnonzero(left)


@kernel()
def _lost(p: Array, left: Array) -> None:
    """Rows with subnormal p are left."""
    tiny = _limits(p)[0]
    width = p.size // left.size
    for k in range(p.size):
        left[k // width] |= not p[k] >= tiny


@kernel()
def _common(p: Array, v: Array, w: Array, left: Array) -> None:
    """v_m where p_m > 1/2, 0 elsewhere: a row's sum is what is common to its v."""
    tiny = _limits(p)[0]
    normal = True
    for k in range(p.size):
        this = v[k]
        w[k] = this if p[k] > 0.5 else 0
        normal &= p[k] >= tiny
    if not normal:
        _lost(p, left)


@kernel()
def _weighted(p: Array, v: Array, width: int, common: Array, w: Array) -> None:
    """w = p (v - common)."""
    j = np.uintp(0)
    for i in range(common.size):
        less = v.dtype.type(common[i])
        for k in range(width):
            w[j + np.uintp(k)] = (v[j + np.uintp(k)] - less) * p[j + np.uintp(k)]
        j += np.uintp(width)


@kernel()
def _less_mean(p: Array, w: Array, width: int, means: Array) -> None:
    """p = w - p mean."""
    j = np.uintp(0)
    for i in range(means.size):
        mean = p.dtype.type(means[i])
        for k in range(width):
            p[j + np.uintp(k)] = w[j + np.uintp(k)] - p[j + np.uintp(k)] * mean
        j += np.uintp(width)


@kernel()
def product_rows(z: Array, v: Array, w: Array, p: Array) -> Array:
    rows, width = z.shape
    z, v, w, p = z.reshape(-1), v.reshape(-1), w.reshape(-1), p.reshape(-1)
    left, values = np.empty(rows, np.bool_), np.empty(rows)
    step = max(1, GROUP // width)
    for first in range(0, rows, step):
        last = min(first + step, rows)
        a, b = first * width, last * width
        fail, value = left[first:last], values[first:last]
        _softmax(z[a:b], p[a:b], value, fail)
        _common(p[a:b], v[a:b], w[a:b], fail)
        _sums(w[a:b], width, value)
        _weighted(p[a:b], v[a:b], width, value, w[a:b])
        _sums(w[a:b], width, value)
        _less_mean(p[a:b], w[a:b], width, value)
        for i in range(last - first):
            fail[i] |= not abs(value[i]) < np.inf
    return np.flatnonzero(left)


@kernel()
def _less(v: Array, width: int, values: Array, w: Array) -> None:
    """w = v - value."""
    j = np.uintp(0)
    for i in range(values.size):
        value = v.dtype.type(values[i])
        for k in range(width):
            w[j + np.uintp(k)] = v[j + np.uintp(k)] - value
        j += np.uintp(width)


@kernel()
def _centre(p: Array, v: Array, width: int, common: Array, w: Array) -> None:
    """w = v - common, p = p w."""
    j = np.uintp(0)
    for i in range(common.size):
        less = v.dtype.type(common[i])
        for k in range(width):
            w[j + np.uintp(k)] = v[j + np.uintp(k)] - less
            p[j + np.uintp(k)] *= v[j + np.uintp(k)] - less
        j += np.uintp(width)


@kernel()
def log_product_rows(z: Array, v: Array, w: Array, p: Array) -> Array:
    rows, width = z.shape
    z, v, w, p = z.reshape(-1), v.reshape(-1), w.reshape(-1), p.reshape(-1)
    left, values = np.empty(rows, np.bool_), np.empty(rows)
    step = max(1, GROUP // width)
    for first in range(0, rows, step):
        last = min(first + step, rows)
        a, b = first * width, last * width
        fail, value = left[first:last], values[first:last]
        _softmax(z[a:b], p[a:b], value, fail)
        _common(p[a:b], v[a:b], w[a:b], fail)
        _sums(w[a:b], width, value)
        _centre(p[a:b], v[a:b], width, value, w[a:b])
        _sums(p[a:b], width, value)
        _less(w[a:b], width, value, p[a:b])
        for i in range(last - first):
            fail[i] |= not abs(value[i]) < np.inf
    return np.flatnonzero(left)


@kernel()
def log_transposed_rows(z: Array, u: Array, w: Array, p: Array) -> Array:
    rows, width = z.shape
    z, u, w, p = z.reshape(-1), u.reshape(-1), w.reshape(-1), p.reshape(-1)
    left = np.empty(rows, np.bool_)
    step = max(1, GROUP // width)
    own, others, losses, spare = np.empty(step), np.empty(step), np.empty(step), np.empty(step)
    tops = np.empty(step, np.intp)
    tiny = _limits(p)[0]
    for first in range(0, rows, step):
        last = min(first + step, rows)
        a, b, size = first * width, last * width, last - first
        one, rest, value, most = own[:size], others[:size], spare[:size], tops[:size]
        fail = left[first:last]
        _tops(z[a:b], most)
        _apart(z[a:b], most, p[a:b], one, rest, losses[:size], fail, value)
        for i in range(size):
            value[i] = one[i] + rest[i]
            p[a + i * width + most[i]] = value[i]  # whose own probability is looked at no more
        _share(p[a:b], width, value)
        normal = True
        for j in range(a, b):
            w[j] = u[j]
            normal &= p[j] >= tiny
        if not normal:
            _lost(p[a:b], fail)
        for i in range(size):
            one[i] /= value[i]
            rest[i] /= value[i]
            w[a + i * width + most[i]] = 0
        _sums(w[a:b], width, value)
        for i in range(size):
            at = a + i * width + most[i]
            mine, total = double(u[at]), u.dtype.type(value[i] + u[at])
            losses[i] = rest[i] * mine - one[i] * value[i]
            value[i] = total
            fail[i] |= not abs(total) < np.inf
        _less_mean(p[a:b], u[a:b], width, value)
        for i in range(size):
            p[a + i * width + most[i]] = losses[i]
    return np.flatnonzero(left)
