"""Writes what the tests need of the Swift program `contract-fixtures` as its request, to the file that is named."""

import json
import sys
from pathlib import Path

from tests import places, rules, stories


def request():
    """Every proof in the contexts of a fresh chain."""
    chain = places.new_chain()
    ann, task = chain.accounts[places.ANN], places.DIGITS["name"]
    order = rules.order_name(chain.ledger, places.registry_address(chain), task, 0)
    before, after = rules.data_beacon_parts(order, places.other_datasets(chain), ann)
    products = [
        {"name": places.product_name(number, round, chunk, model), "opening": places.opening_name(number, model),
         "testSet": places.PRODUCTS["testSet"], "model": model, "context": places.context(
             chain, chain.accounts[number], places.PRODUCTS["name"], places.QUALITY_ROLES, round=round,
             chunk=chunk)}
        for number, round, chunk, model in places.PRODUCT_PROOFS]
    for file, story in stories.load().items():
        for actor, round, model in stories.commitments(story):
            account = chain.accounts[stories.account_number(story, actor)]
            products.append({
                "name": stories.proof_name(file, actor, round, model), "testSet": story["testSet"]["values"],
                "model": model, "context": places.context(
                    chain, account, story["task"]["name"], places.QUALITY_ROLES, round=round)})
    return {
        "samples": places.DIGITS["samples"],
        "trainers": [{
            "name": "ann", "shard": 0, "shards": 2, "batches": places.DIGITS["batches"],
            "stages": places.DIGITS["stages"], "beaconBefore": before.hex(), "beaconAfter": after.hex(),
            "stepContext": places.context(chain, ann, task, places.STEP_ROLES),
            "qualityContext": places.context(chain, ann, task, places.QUALITY_ROLES)}],
        "products": products}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.make_request FILE")
    Path(sys.argv[1]).write_text(json.dumps(request(), indent=1))
