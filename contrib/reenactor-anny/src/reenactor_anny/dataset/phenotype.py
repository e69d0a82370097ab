"""Who a person is: the numbers that the model of bodies takes, drawn at random."""

import numpy as np

Phenotype = dict[str, float]


def phenotype(rng: np.random.Generator) -> Phenotype:
    """From infants to elders, of all builds; three of four are grown up.

    `gender` runs from 0 (male) to 1 (female), `age` from 0 (newborn) over 1/3 (child) and 2/3
    (young adult) to 1 (elder).
    """
    kind = rng.choice(3, p=[0.76, 0.17, 0.07])
    low, high = ((0.52, 1.0), (0.18, 0.52), (0.04, 0.18))[kind]
    ancestry = rng.dirichlet([0.8, 0.8, 0.8])
    gender = rng.beta(0.5, 0.5)
    weight = rng.uniform(0, 1.25)  # the model goes on beyond its own heaviest
    muscle = rng.beta(1.3, 1.3) * (1 - 0.6 * max(0.0, weight - 0.5))
    return {
        "gender": float(gender),
        "age": float(rng.uniform(low, high)),
        "muscle": float(muscle),
        "weight": float(weight),
        "height": float(np.clip(rng.normal(0.42, 0.09), 0.15, 0.7)),
        "proportions": float(rng.uniform(0.3, 1.0)),
        "cupsize": float(rng.uniform(0.2, 0.8)),
        "firmness": float(rng.uniform(0.3, 0.8)),
        "african": float(ancestry[0]),
        "asian": float(ancestry[1]),
        "caucasian": float(ancestry[2]),
    }
