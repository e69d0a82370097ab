"""Loss terms shared by the paper's losses, Eqs. 9 to 18.

The `loss.py` of each technique computes the weighted sum, with weights from its settings.
Two conventions apply throughout:

* The expectation over a mini-batch and 1/N over elements are one mean.
* The ground truth is detached.
"""
