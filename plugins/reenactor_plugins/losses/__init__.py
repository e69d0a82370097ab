"""The paper's losses, Eqs. 9 to 18, as pure functions: tensors in, one number out.

`adversarial` and `matching` hold what several networks share; `p2b`, `b2f` and `fr` put the sums
of each network together, with the weights of its training's settings. Two readings hold everywhere:

* An expectation over a mini-batch and a 1/N over elements are one mean.
* The ground truth is detached: no gradient flows into its side.
"""
