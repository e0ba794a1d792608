"""What the rules hash, computed apart from the contracts (Docs/protocol.md, Docs/audit.md, Contracts/README.md)."""

import hashlib


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def u64(number):
    return number.to_bytes(8, "big")


def word(number):
    return number.to_bytes(32, "big")


def account_bytes(account):
    """An account in 32 bytes."""
    return bytes(12) + bytes.fromhex(account[2:])


def point(words):
    return word(words[0]) + word(words[1])


def task_number(name):
    return sha(name.encode())


def context_digest(context):
    """`ProofContext.digest`."""
    texts = [sha(context[name].encode()) for name in ("ledger", "contract", "task", "participant")]
    numbers = [u64(context[name]) for name in ("round", "stage", "chunk")] + [u64(len(context["roles"]))]
    return sha(sha(b"ZKPOT-V1-CONTEXT"), *texts, *numbers, *(sha(role.encode()) for role in context["roles"]))


def order_name(ledger, contract, task, round):
    return sha(b"ZKPOT-V1-ORDER", sha(ledger.encode()), sha(contract.lower().encode()), task_number(task), u64(round))


def beacon_commitment(account, secret):
    return sha(b"ZKPOT-V1-SECRET", account_bytes(account), secret)


def ascending(accounts):
    """Accounts in the order of their bytes, each once."""
    return sorted(set(accounts), key=account_bytes)


def survivors_digest(order, survivors):
    """What survivors sign; the accounts as they are given."""
    return sha(b"ZKPOT-V1-SURVIVORS", order, *(account_bytes(account) for account in survivors))


def test_set_hash(order, salt, contents, baseline, chunks):
    """`chunks`: commitment and samples of each."""
    parts = [point(commitment) + word(samples) for commitment, samples in chunks]
    return sha(b"ZKPOT-V1-TEST-SET", order, salt, contents, word(baseline), word(len(chunks)), *parts)


def dataset_digest(root, count):
    return sha(b"ZKPOT-V1-DATASET", root, u64(count))


def data_beacon_parts(order, datasets, own):
    """What stands before and behind the digest of the own data set; `datasets`: digest by account."""
    before, after, target = b"ZKPOT-V1-DATA-BEACON" + order, b"", False
    for account in ascending([*datasets, own]):
        part = account_bytes(account)
        if target:
            after += part + datasets[account]
        elif account == own:
            before, target = before + part, True
        else:
            before += part + datasets[account]
    return before, after


def audit_beacon(order, secrets, salt):
    """`secrets` by account."""
    return sha(b"ZKPOT-V1-BEACON", order, *(secrets[a] for a in ascending(secrets)), salt)


def number(seed, counter, bound):
    return int.from_bytes(sha(seed, u64(counter))[:16], "big") % bound


def sampled_stages(stages, audits, beacon, task, participant, root):
    """The stages that must be proven, ascending."""
    wanted = min(stages, max(2, audits))
    if wanted == stages:
        return list(range(stages))
    seed = sha(b"ZKPOT-V1-AUDIT", beacon, sha(task.encode()), sha(participant.lower().encode()), root)
    sample, counter = {0, stages - 1}, 0
    while len(sample) < wanted:
        sample.add(1 + number(seed, counter, stages - 2))
        counter += 1
    return sorted(sample)


def checkpoint_leaf(index, commitment):
    return sha(b"\0ZKPOT-V1-CHECKPOINT", u64(index), commitment)


def batch_leaf(index, commitment):
    return sha(b"\0ZKPOT-V1-BATCH", u64(index), commitment)


class Tree:
    """The Merkle tree of RFC 6962 over leaf hashes."""

    def __init__(self, leaves):
        self.levels = [list(leaves)]
        while len(self.levels[-1]) > 1:
            level = self.levels[-1]
            above = [sha(b"\1", *level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
            self.levels.append(above + level[len(level) & ~1 :])

    @property
    def root(self):
        return self.levels[-1][0]

    def path(self, index):
        nodes = []
        for level in self.levels[:-1]:
            if index ^ 1 < len(level):
                nodes.append(level[index ^ 1])
            index //= 2
        return nodes


def batch_of_step(count, dataset, beacon, task, participant, step):
    """The batch that a step of the training uses."""
    seed = sha(
        b"ZKPOT-V1-BATCH-ORDER", beacon, sha(task.encode()), sha(participant.lower().encode()), dataset,
        u64(step // count))
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = number(seed, i, i + 1)
        order[i], order[j] = order[j], order[i]
    return order[step % count]
