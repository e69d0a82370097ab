"""Who is shown in which pose: each body in several poses, each pose on several bodies."""

import numpy as np

from reenactor_anny.options import AnnyOptions


def pose_numbers(options: AnnyOptions) -> list[tuple[int, ...]]:
    """For each body the numbers of its poses, all different.

    Poses are dealt like cards: as many packs, each shuffled, as a pose is to be shared by.
    """
    hands, each = options.bodies, options.poses_each
    kinds = max(each, -(-hands * each // options.sharing))
    rng = np.random.default_rng([options.seed, 0])
    packs = -(-hands * each // kinds)
    cards = np.concatenate([rng.permutation(kinds) for _ in range(packs)])
    dealt = []
    for hand in range(hands):
        taken: list[int] = []
        for card in cards[hand * each : (hand + 1) * each].tolist():
            number = card
            while number in taken:  # a hand over two packs may hold a card twice
                number = (number + 1) % kinds
            taken.append(number)
        dealt.append(tuple(taken))
    return dealt
