"""What several of the paper's losses, Eqs. 9 to 18, are made of: tensors in, one number out.

The `loss.py` of each technique puts its sum together, with the weights of its training's settings.
Two readings hold everywhere:

* An expectation over a mini-batch and a 1/N over elements are one mean.
* The ground truth is detached: no gradient flows into its side.
"""
