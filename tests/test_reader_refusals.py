"""Refusals: what is not in the language, where, and what would be right."""

from __future__ import annotations

import pytest

from symderiv.reader import ReadError, read, read_claim

LIBRARY = {"softmax": "p[i] = exp(z[i]) / sum(exp(z[k]), k); p[i]"}

FORMULAS: list[tuple[str, int, int, str]] = [
    ("", 1, 1, "the formula is empty"),
    ("  \n# only a comment\n", 1, 1, "the formula is empty"),
    # names
    ("sofmax(z)[i]", 1, 1, "unknown function 'sofmax'; did you mean 'softmax'?"),
    ("1 + lg(x)", 1, 5, "unknown function 'lg'; did you mean 'log'?"),
    ("a*x(y + 1)", 1, 3, "unknown function 'x'; a product is written x*(...), a component x[i]"),
    ("p[i] = z[i]; p(i)", 1, 14, "'p' is a stage; its components are written with [ ]"),
    ("exp", 1, 1, "'exp' is a function; write exp(...)"),
    ("sum = 3; a", 1, 1, "'sum' is a function; choose another name"),
    ("pi[a]", 1, 1, "'pi' is the number pi; choose another name"),
    ("sum(lam**k*x[i], (k, i-1, N), i)", 1, 22,
     "k begins at i - 1, which may be below 1, and subscripts no array; shift it, so that it "
     "begins at 1 or at a letter"),
    ("lambda*x", 1, 1, "'lambda' is a word of Python, not a name; write lam"),
    ("a if b else c", 1, 3, "'if' is a word of Python, not a name"),
    ("None", 1, 1, "'None' is a word of Python, not a name"),
    ("_x", 1, 1, "'_x' cannot be a name; names begin with a letter"),
    ("a__b", 1, 1, "'a__b' cannot be a name; names begin with a letter"),
    ("__import__(os)", 1, 1, "'__import__' cannot be a name; names begin with a letter"),
    ("x" * 51, 1, 1, "a name has at most 50 characters"),
    ("K[i]*sum(z[k], (k, 1, K))", 1, 1,
     "'K' is the size of an axis; it cannot also be a given array"),
    ("sum(x[x], x)", 1, 5, "'x' is an index letter; it cannot also be a given array"),
    ("sum(x[k], k)*k", 1, 14, "'k' is an index letter; it cannot also be a scalar"),
    ("k*sum(x[k], k)", 1, 13, "'k' is a scalar; it cannot also be an index letter"),
    ("sum(y[k], k)*p[y]", 1, 16,
     "'y' is a given array; it cannot also be an index letter; a label is written y[n]"),
    ("z[i] + z[i,j]", 1, 8, "'z' has 1 index, not 2"),
    ("z[i]*z", 1, 6, "'z' has indices; write z[i]"),
    ("s = x; s[i]", 1, 8, "'s' has no index, not 1"),
    # axes
    ("sum(z[k], (k, 1, K)) + sum(z[k], (k, 1, N))", 1, 28,
     "K and N are both sizes of z's axis"),
    ("sum(z[k], (k, 1, 3)) + sum(z[k], (k, 1, 4))", 1, 28,
     "3 and 4 are both sizes of z's axis"),
    ("z[4] + sum(z[k], (k, 1, 3))", 1, 12, "z's axis ends at 3, before 4"),
    ("sum(z[k], (k, 1, 3)) + z[4]", 1, 24, "z's axis ends at 3, before 4"),
    ("sum(sum(z[i+k]*w[k], k), i)", 1, 26,
     "i ranges over no axis; give its range, (i, 1, K)"),
    ("sum(a, k)", 1, 8, "k ranges over no axis; give its range, (k, 1, K)"),
    ("z[i+k]", 1, 3, "i ranges over no axis; name what it is an index of: y[i] = ...; y[i]"),
    ("z[0]", 1, 3, "indices are whole numbers from 1 to 1000"),
    ("z[-1]", 1, 3, "indices are whole numbers from 1 to 1000"),
    ("z[1.5]", 1, 3, "an index is a letter, i+k, 2*i, a whole number from 1, or y[n]"),
    ("z[i*k]", 1, 3, "an index is a letter, i+k, 2*i, a whole number from 1, or y[n]"),
    ("z[exp(i)]", 1, 3, "an index is a letter, i, i+k, a whole number, or y[n]"),
    ("z[:]", 1, 3, "':' stands for an index in an argument, as in softmax(z[n,:])[i]"),
    ("z[1:2]", 1, 4, "':' stands alone for an index, as in softmax(z[n,:])[i]"),
    # stages
    ("x; y", 1, 1, "only the last part is the function; a stage is named, s = ..."),
    ("a = 1; a = 2; a", 1, 8, "'a' is defined twice"),
    ("a = b; b = 1; a", 1, 5, "'b' is used before its definition"),
    ("p[i] = p[i] + 1; p[i]", 1, 8, "'p' is defined by itself"),
    ("p = exp(z[i]); p", 1, 11, "'i' is not an index of 'p'; write p[i] = ..., or sum over it"),
    ("p[n] = z[n,i]; p[n]", 1, 12,
     "'i' is not an index of 'p'; write p[n,i] = ..., or sum over it"),
    ("p[1] = 3; p[i]", 1, 3, "'p' is defined for letters, p[i]"),
    ("p[i,i] = 3; p[i,j]", 1, 5, "'i' stands twice on the left of 'p'"),
    ("exp(x) = 3; x", 1, 1, "on the left of '=' stands a name, s, or a component, p[i]"),
    ("a = b = c", 1, 7, "a second '='; stages are separated by ';'"),
    ("s = log(p[y]); sum(q[y], y)*s", 1, 11,
     "'y' is an index elsewhere; write s[y] = ... or another letter"),
    ("L = a\n  + b", 2, 3, "a new line is a new part; to go on, put '+' at the line's end"),
    # binders
    ("sum(z[k])", 1, 1, "sum needs its letter: sum(body, k) or (k, 1, K)"),
    ("sum(z[i], i, i)", 1, 14, "'i' is bound twice in one sum"),
    ("sum(z[k], (k, 0, K))", 1, 18,
     "a sum begins at 0 here, so all do and end at n-1, and indices are letters or numbers"),
    ("sum(t*s, (t, 1 - P, T))", 1, 14,
     "a range begins at a number or a name, 1 or P+1: (t, 1, K)"),
    ("max(z[k], (k, j, K))", 1, 12, "only a sum or product has a condition on its letters, no max"),
    ("sum(z[k], (k, 1, 2*K))", 1, 18,
     "a range ends at the name of a size, K or K-1, or a number from 1 to 1000"),
    ("sum(z[k], (k, 1, K + 1))", 1, 5,
     "at k = K + 1 the index k is K + 1, after the last, K"),
    ("sum(z[k+1], (k, 2, K))", 1, 5, "at k = K the index k + 1 is K + 1, after the last, K"),
    ("sum(z[k-2], (k, 2, K))", 1, 5, "at k = 2 the index k - 2 is 0"),
    ("sum(z[k+2]*z[k], (k, 2, K-1))", 1, 5,
     "at k = K - 1 the index k + 2 is K + 1, after the last, K"),
    ("sum(z[k], (k, 2, 7)) + sum(z[k], (k, 1, 5))", 1, 28, "z's axis ends at 5, before 7"),
    ("sum(z[k], (k, 2, N)) + sum(z[k], (k, 1, K))", 1, 28,
     "N and K are both sizes of z's axis"),
    ("sum(z[k], (k, 5, 4))", 1, 11, "from 5 to 4 there is nothing"),
    ("max(z[k], (k, 2, K))", 1, 11,
     "max runs over a whole axis, which is never empty: (k, 1, K)"),
    ("sum(z[k], 3)", 1, 11, "after the body of a sum: a letter, k, or (k, 1, K)"),
    ("max(x)", 1, 1, "max needs two terms, max(a, b), or a letter"),
    ("delta(i)", 1, 1, "delta takes two indices, delta(i,j)"),
    ("iverson(x)", 1, 9, "this is no comparison; write one, as in iverson(x > 0)"),
    ("iverson(0 < x < 1)", 1, 9, "one comparison at a time: write a < b and b < c apart"),
    ("x > 0", 1, 1, "a comparison stands only in iverson(x > 0)"),
    ("(a, b)", 1, 1, "a range (k, 1, K) stands only after the body of a sum"),
    ("exp(x, y)", 1, 1, "exp takes 1 argument, not 2"),
    ("softmax(z, y)[i]", 1, 1, "softmax takes 1 argument, softmax(z), not 2"),
    ("softmax(z)", 1, 1, "softmax has 1 index; write softmax(z)[i]"),
    ("softmax(z)[i,j]", 1, 1, "softmax has 1 index; write softmax(z)[i]"),
    ("softmax(A[i,j])[i]", 1, 9,
     "this argument has no index here; write an array as z[:], a row of a matrix as z[t,:]"),
    ("softmax(A)[i]*A[i,j]", 1, 9, "'A' has 2 indices; write A[n,:]"),
    ("exp(tanh(x)[i])", 1, 5, "the value of tanh has no index; write tanh(x[i])"),
    # marks
    ("x^2", 1, 2, "'^' is not in the formula language; powers are written x**2"),
    ("x.real", 1, 2, "'.' is not in the formula language; names have no attributes"),
    ("'a'", 1, 1, '"\'" is not in the formula language; there are no strings in a formula'),
    ("α*x", 1, 1, "'α' is not in the formula language; "
     "write Greek letters by their names, alpha; names are ASCII"),
    ("p₁ - 1", 1, 2, "'₁' is not in the formula language; indices are written z[i]"),
    ("pᵢ", 1, 2, "'ᵢ' is not in the formula language; indices are written z[i]"),
    ("x²", 1, 2, "'²' is not in the formula language; powers are written x**2"),
    ("½*x", 1, 1, "'½' is not in the formula language; quotients are written 1/2"),
    ("√x", 1, 1, "'√' is not in the formula language; write sqrt(x)"),
    ("a − b", 1, 3, "'−' is not in the formula language; write the minus sign as '-'"),
    ("a\x00b", 1, 2,
     "U+0000 is not in the formula language; names are ASCII letters, digits and _"),
    ("2x", 1, 2, "an operator is missing between '2' and 'x'; products are written a*b"),
    ("a b", 1, 3, "an operator is missing between 'a' and 'b'; products are written a*b"),
    ("A X", 1, 3,
     "an operator is missing between 'A' and 'X'; products are written a*b, of matrices A @ B"),
    ("partial(x, x)", 1, 1, "unknown function 'partial'"),
    ("0x10", 1, 2, "an operator is missing between '0' and 'x10'; products are written a*b"),
    ("2(x)", 1, 2, "'2' is no function; products are written a*b"),
    ("f(x)(y)", 1, 5, "')' is no function; products are written a*b"),
    ("z[i][j]", 1, 5, "several indices are written z[i,j], not z[i][j]"),
    ("[x, y]", 1, 1, "'[' follows the name of an array, as in z[i]; no lists"),
    ("((x)", 1, 1, "the bracket '(' is not closed"),
    ("sum(z[k, k)", 1, 11, "')' does not close '['"),
    ("x)", 1, 2, "')' closes no bracket"),
    ("p[i] = (z[i]; p[i]", 1, 8, "the bracket '(' is not closed before ';'"),
    ("x +", 1, 4, "a term is missing after '+'"),
    ("x + * y", 1, 5, "a term is missing after '+' before '*'"),
    ("exp()", 1, 5, "a term is missing between '(' and ')'"),
    ("sum(z[k], )", 1, 11, "a term is missing between ',' and ')'"),
    ("a, b", 1, 2, "',' stands only inside brackets"),
    ("sum(z[k], k=3)", 1, 12,
     "'=' inside brackets: arguments have no names, and 'equal' is written '=='"),
    ("a =\n  b +;\n c", 2, 6, "a term is missing after '+'"),
    ("p[i] = exp(z[i])\n\nlog(p[i]) + q q", 3, 15,
     "an operator is missing between 'q' and 'q'; products are written a*b"),
    # bounds
    ("x" * 100_001, 1, 1, "the text has 100001 characters; at most 100000 are read"),
    ("(" * 100_001, 1, 1, "the text has 100001 characters; at most 100000 are read"),
    ("(" * 61 + "x" + ")" * 61, 1, 61, "the formula is nested deeper than 60"),
    ("-" * 61 + "x", 1, 61, "the formula is nested deeper than 60"),
    ("a" + "**a" * 61, 1, 182, "the formula is nested deeper than 60"),
    ("a" + "/a" * 101, 1, 1, "more than 100 quotients in a row"),
    ("a" + "+a" * 1001, 1, 2002, "at most 1000 operators are read in a formula"),
    ("1" * 51, 1, 1, "a number has at most 50 digits"),
    ("1e1001", 1, 1, "the exponent of a number is at most 1000"),
    ("1e" + "9" * 60, 1, 1, "a number has at most 50 digits"),
    ("012", 1, 1, "write 012 without the leading 0"),
    ("9**9**9", 1, 1, "a power is at most 1000"),
    ("x**1001", 1, 1, "a power is at most 1000"),
    ("a + (x**100)**100", 1, 5, "a power is at most 1000"),
    (f"max({', '.join(51 * 'a')})", 1, 1, "max takes at most 50 terms; max(x[k], k) any"),
    ("2**(10**(10**10))", 1, 5, "a power is at most 1000"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column", "message"), FORMULAS, ids=[f[0][:24] for f in FORMULAS]
)
def test_a_formula_is_refused_where_it_goes_wrong(
    text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(ReadError) as refusal:
        read(text, library=LIBRARY)
    error = refusal.value
    assert (error.message, error.line, error.column) == (message, line, column)
    assert str(error) == f"formula, line {line}, column {column}: {message}"


@pytest.mark.parametrize(
    ("wrt", "column", "message"),
    [
        ("zz[j]", 1, "'zz' is not in the formula; did you mean 'z'?"),
        ("y", 1, "'y' holds labels, which are fixed"),
        ("w", 1, "'w' is not in the formula"),
        ("z", 1, "'z' has indices; write z[i,j]"),
        ("z[j]", 1, "'z' has 2 indices, not 1; a part of it is 'z[j,:]'"),
        ("z[n,j+1]", 5, "the indices of a variable are letters or numbers"),
        ("alhpa", 1, "'alhpa' is not in the formula; did you mean 'alpha'?"),
        ("2*alpha", 1, "a variable is a component z[j] or a scalar x"),
        ("N", 1, "'N' is the size of an axis, not a variable"),
        ("pi", 1, "'pi' is the number pi, not a variable"),
        ("", 1, "the variable is empty"),
        ("z[n,j]; alpha", 9, "a variable is one formula"),
        ("z[n,j] = 1", 1, "a variable is a formula without '='"),
    ],
)
def test_a_variable_is_refused(wrt: str, column: int, message: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read("alpha*sum(z[n,y[n]], (n, 1, N))", wrt)
    error = refusal.value
    assert (error.message, error.column, error.role) == (message, column, "variable")


@pytest.mark.parametrize(
    ("fact", "column", "message"),
    [
        ("z[i]", 1, "an assumption is a comparison, a = b or a > 0"),
        ("q[i] > 0", 1, "'q' is not in the formula"),
        ("sum(z[i], (i, 1, N)) = 1", 5, "K and N are both sizes of z's axis"),
        ("a > 0; b > 0", 8, "an assumption is one formula"),
    ],
)
def test_an_assumption_is_refused(fact: str, column: int, message: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read("a*b*sum(z[k], (k, 1, K))", "z[j]", (fact,))
    error = refusal.value
    assert (error.message, error.column, error.role) == (message, column, "assumption")


@pytest.mark.parametrize(
    ("claim", "column", "message"),
    [
        ("zz[j]", 1, "'zz' is not in the formula; did you mean 'z'?"),
        ("z[m]", 3, "the index 'm' is free in the claim, not in the formula"),
        ("z[j]*w", 6, "'w' is not in the formula"),
        ("sum(z[i], (i, 1, Q))", 18, "'Q' is not in the formula"),
        ("z[j] = 1", 1, "a claim is a formula without '='"),
        ("z[j]; z[j]", 7, "a claim is one formula"),
        ("", 1, "the claim is empty"),
        ("z[j]*x[j]", 6, "K and M are both sizes of x's axis"),
    ],
)
def test_a_claim_is_refused(claim: str, column: int, message: str) -> None:
    problem = read("sum(z[k], k) + sum(x[k], k)", "z[j]")
    with pytest.raises(ReadError) as refusal:
        read_claim(claim, problem)
    error = refusal.value
    assert (error.message, error.column, error.role) == (message, column, "claim")


def test_a_refusal_has_its_place() -> None:
    with pytest.raises(ReadError) as refusal:
        read("p[i] = exp(z[i])\nlog(p[i]) + lg(x)")
    assert (refusal.value.line, refusal.value.column) == (2, 13)


def test_too_many_variables() -> None:
    with pytest.raises(ReadError, match="at most 8 variables"):
        read("x", ("x",) * 9)


def test_an_index_may_not_leave_its_axis() -> None:
    with pytest.raises(ReadError, match=r"x\[i \+ 1\] leaves x's axis"):
        read("sum((x[i+1] - x[i])**2, (i, 1, N))", wrt=("x[j]",))
    with pytest.raises(ReadError, match="leaves"):
        read("sum(x[i]*x[i+1], (i, 1, 4))", wrt=("x[j]",))


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("x/0", 3, "this denominator is 0"),
        ("x*log(0)", 7, "this argument of log is 0"),
        ("2*x/(1 - 1)", 6, "this denominator is 0"),
        ("x/(0.1 + 0.2 - 0.3)", 4, "this denominator is 0"),
        ("x/log(1)", 3, "this denominator is 0"),
        ("x/(exp(0) - 1)", 4, "this denominator is 0"),
        ("x*log(1/2 - 1)", 7, "this argument of log is -1/2"),
        ("x + sqrt(-2)", 10, "this argument of sqrt is -2"),
        ("0**(-1)*x", 1, "0 to a negative power"),
        ("(3 - 3)**(-1/2)*x", 1, "0 to a negative power"),
    ],
)
def test_what_has_no_value_whatever_x_is(text: str, column: int, message: str) -> None:
    with pytest.raises(ReadError, match=message) as refusal:
        read(text, wrt=("x",))
    assert refusal.value.column == column


@pytest.mark.parametrize("text", ["x/(y - y)", "sqrt(0)*x", "x*0**2", "log(2)*x/(1 - 2)"])
def test_what_may_have_a_value(text: str) -> None:
    read(text, wrt=("x",))
