# pragma version 0.4.3
# pragma evm-version prague
"""
@title  A contract for the tests of the Ethereum client: it counts, takes money, and refuses in every way there is.
@notice Its byte code and interface are in Till.json: vyper -f bytecode,abi Tests/EthereumBridge/Till.vy
"""

event Added:
    who: indexed(address)
    amount: uint256
    total: uint256
    note: String[32]

total: public(uint256)
name: public(String[32])


@deploy
@payable
def __init__(start: uint256, name: String[32]):
    self.total = start
    self.name = name


@external
def add(amount: uint256, note: String[32]) -> uint256:
    assert amount > 0, "nothing to add"
    self.total += amount
    log Added(who=msg.sender, amount=amount, total=self.total, note=note)
    return self.total


@external
@payable
def pay():
    assert msg.value > 0, "no money"


@external
@view
def many(count: uint256) -> (DynArray[uint256, 16], String[32], address):
    numbers: DynArray[uint256, 16] = []
    for i: uint256 in range(count, bound=16):
        numbers.append(i * i)
    return numbers, self.name, msg.sender


@external
def late(amount: uint64):
    raw_revert(concat(method_id("Late(uint64)"), convert(amount, bytes32)))


@external
def silent():
    raw_revert(b"")
