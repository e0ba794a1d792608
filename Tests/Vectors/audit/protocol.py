"""Writes protocol.json: the rules of Docs/audit.md once more, from the text alone, with hashlib only."""

import hashlib
import json
import pathlib


def sha(data):
    return hashlib.sha256(data).digest()


def u64(number):
    return number.to_bytes(8, "big")


def halves(leaves):
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    return leaves[:half], leaves[half:]


def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    left, right = halves(leaves)
    return sha(b"\x01" + root(left) + root(right))


def path(leaves, index):
    if len(leaves) == 1:
        return []
    left, right = halves(leaves)
    if index < len(left):
        return path(left, index) + [root(right)]
    return path(right, index - len(left)) + [root(left)]


def leaf(tag, index, point):
    return sha(b"\x00" + tag + u64(index) + point)


def below(seed, counter, bound):
    return int.from_bytes(sha(seed + u64(counter))[:16], "big") % bound


def sample(stages, audits, beacon, task, participant, checkpoints):
    wanted = min(stages, max(2, audits))
    if wanted == stages:
        return list(range(stages))
    seed = sha(b"ZKPOT-V1-AUDIT" + beacon + task + participant + checkpoints)
    chosen, counter = {0, stages - 1}, 0
    while len(chosen) < wanted:
        chosen.add(1 + below(seed, counter, stages - 2))
        counter += 1
    return sorted(chosen)


def permutation(batches, beacon, task, participant, dataset, epoch):
    seed = sha(b"ZKPOT-V1-BATCH-ORDER" + beacon + task + participant + dataset + u64(epoch))
    order = list(range(batches))
    for i in range(batches - 1, 0, -1):
        j = below(seed, i, i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def point(i):
    return (i + 1).to_bytes(32, "big") + (i + 2).to_bytes(32, "big")


task, participant = sha(b"digits"), sha(b"alice")
beacon, data_beacon = sha(b"beacon"), sha(b"data beacon")
checkpoints = [leaf(b"ZKPOT-V1-CHECKPOINT", i, point(i)) for i in range(11)]
batches = [leaf(b"ZKPOT-V1-BATCH", i, point(i)) for i in range(7)]
dataset = sha(b"ZKPOT-V1-DATASET" + root(batches) + u64(7))
orders = [permutation(7, data_beacon, task, participant, dataset, e) for e in range(4)]
cases = [(1, 1), (2, 1), (3, 2), (3, 3), (10, 1), (10, 4), (10, 9), (10, 10), (10, 99), (1000, 12)]
document = {
    "points": "point i is i + 1, then i + 2, as 32 bytes each, big-endian; they are on no curve",
    "task": "digits",
    "participant": "alice",
    "beacon": beacon.hex(),
    "dataBeacon": data_beacon.hex(),
    "checkpointLeaves": [x.hex() for x in checkpoints],
    "checkpointRoot": root(checkpoints).hex(),
    "checkpointPaths": [[x.hex() for x in path(checkpoints, i)] for i in range(11)],
    "batchLeaves": [x.hex() for x in batches],
    "batchRoot": root(batches).hex(),
    "datasetDigest": dataset.hex(),
    "samples": [
        {"stages": e, "audits": a, "sample": sample(e, a, beacon, task, participant, root(checkpoints))}
        for e, a in cases
    ],
    "permutations": orders,
    "batchesOfStage3Of4Steps": [orders[t // 7][t % 7] for t in range(12, 16)],
}
target = pathlib.Path(__file__).with_name("protocol.json")
target.write_text(json.dumps(document, indent=1) + "\n")
