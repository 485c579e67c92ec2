"""Verification: the numerical functions, and a user's own, against arithmetic of high precision.

    report = verify()                       every function, over random and hard points
    report = verify(["softmax_jacobian"])   some of them
    report.holds, report.text(), report.as_json()

    check = check_user_function("mymodule:my_gradient", "cross-entropy")
    check.holds, check.text(), check.as_json()

Floor 4: imports the functions, NumPy and mpmath; SymPy only for functions that promise
no more than what their formula does.
"""

from __future__ import annotations

from symderiv.verification.comparison import OwnReport
from symderiv.verification.own import check_user_function
from symderiv.verification.report import Line, Report, verify

__all__ = ["Line", "OwnReport", "Report", "check_user_function", "verify"]
