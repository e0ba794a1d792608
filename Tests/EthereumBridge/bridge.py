"""Serves eth-tester's EVM as Ethereum JSON-RPC on the loopback. See README.md."""

import functools
import importlib
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pairing
import rlp
from eth.exceptions import Revert
from eth.vm.spoof import SpoofTransaction
from eth_tester.backends.pyevm.main import PyEVMBackend
from eth_utils import ValidationError, keccak, to_canonical_address

# py_ecc takes a third of a second for each pair of a pairing. This is the same check, faster, and remembered: an estimate, a
# call and the transaction itself ask for the same one.
ecpairing = importlib.import_module("eth.precompiles.ecpairing")


@functools.lru_cache(maxsize=4096)
def _pairing(data):
    try:
        return pairing.check(data)
    except pairing.InvalidInput as error:
        raise ValidationError(str(error))


ecpairing._ecpairing = lambda data: _pairing(bytes(data))

LIFETIME_SECONDS = 1800
LARGEST_REQUEST = 4 << 20


class RPCError(Exception):
    def __init__(self, code, message, data=None):
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


def quantity(value):
    return hex(value)


def data(value):
    return "0x" + bytes(value).hex()


class Chain:
    """One chain with its pool of pending transactions."""

    def __init__(self):
        self.lock = threading.Lock()
        self.backend = PyEVMBackend()
        self.pool = {}  # sender → nonce → transaction
        self.automine = True
        self.next_time = None
        self.places = {}  # hash of a transaction → (block number, index)
        self.snapshots = []

    @property
    def chain(self):
        return self.backend.chain

    @property
    def head(self):
        """The number of the last block; the one after it is being made."""
        return self.chain.header.block_number - 1

    # --- Blocks

    def header(self, number):
        return self.chain.get_canonical_block_header_by_number(number)

    def block_number(self, tag):
        if tag in ("latest", "safe", "finalized", "pending"):
            return self.head
        if tag == "earliest":
            return 0
        return int(tag, 16)

    def state(self, tag):
        """The state after a block; the newest one as the next block's transactions will find it."""
        number = self.block_number(tag)
        if number > self.head:
            raise RPCError(-32000, "header not found")
        if number == self.head:
            self.prepare_time()
            return self.chain.get_vm().state
        return self.chain.get_vm(at_header=self.header(number)).state

    def block(self, tag):
        number = self.block_number(tag)
        if number > self.head:
            return None
        header = self.header(number)
        return {
            "number": quantity(number),
            "hash": data(header.hash),
            "parentHash": data(header.parent_hash),
            "timestamp": quantity(header.timestamp),
            "gasLimit": quantity(header.gas_limit),
            "gasUsed": quantity(header.gas_used),
            "baseFeePerGas": quantity(header.base_fee_per_gas),
            "transactions": [
                data(transaction.hash)
                for transaction in self.chain.get_canonical_block_by_number(number).transactions
            ],
        }

    def prepare_time(self):
        parent = self.header(self.head).timestamp
        timestamp = self.next_time or max(parent + 1, int(time.time()))
        if self.chain.header.timestamp != timestamp:
            self.chain.header = self.chain.header.copy(timestamp=timestamp)

    def mine(self):
        self.prepare_time()
        mined = []
        for sender in sorted(self.pool):
            while True:
                nonce = self.chain.get_vm().state.get_nonce(sender)
                transaction = self.pool[sender].pop(nonce, None)
                if transaction is None:
                    break
                try:
                    self.chain.apply_transaction(transaction)
                    mined.append(transaction.hash)
                except Exception as error:  # what a miner finds invalid is dropped
                    print(f"dropped: {error}", file=sys.stderr)
                    break
        number = self.head + 1
        self.backend.mine_blocks(1)
        self.next_time = None
        for index, identifier in enumerate(mined):
            self.places[identifier] = (number, index)

    def snapshot(self):
        self.snapshots.append(self.header(self.head).hash)
        return quantity(len(self.snapshots) - 1)

    def revert(self, identifier):
        self.backend.revert_to_snapshot(self.snapshots[int(identifier, 16)])
        self.places = {key: place for key, place in self.places.items() if place[0] <= self.head}
        return True

    # --- Transactions

    def send(self, raw):
        try:
            transaction = self.chain.get_vm().get_transaction_builder().decode(raw)
            transaction.check_signature_validity()
            sender = transaction.sender
        except Exception as error:
            raise RPCError(-32000, f"rlp: {error}")
        if transaction.chain_id != self.chain.chain_id:
            raise RPCError(-32000, "invalid chain id for signer")
        state = self.chain.get_vm().state
        if transaction.hash in self.places:
            raise RPCError(-32000, "already known")
        if transaction.nonce < state.get_nonce(sender):
            raise RPCError(-32000, f"nonce too low: next nonce {state.get_nonce(sender)}, tx nonce {transaction.nonce}")
        if transaction.gas < transaction.intrinsic_gas:
            raise RPCError(-32000, "intrinsic gas too low")
        if transaction.gas > self.chain.header.gas_limit:
            raise RPCError(-32000, "exceeds block gas limit")
        fee, tip = transaction.max_fee_per_gas, transaction.max_priority_fee_per_gas
        if state.get_balance(sender) < transaction.value + transaction.gas * fee:
            raise RPCError(-32000, "insufficient funds for gas * price + value")
        waiting = self.pool.setdefault(sender, {})
        earlier = waiting.get(transaction.nonce)
        if earlier is not None:
            if earlier.hash == transaction.hash:
                raise RPCError(-32000, "already known")
            if fee * 10 < earlier.max_fee_per_gas * 11 or tip * 10 < earlier.max_priority_fee_per_gas * 11:
                raise RPCError(-32000, "replacement transaction underpriced")
        waiting[transaction.nonce] = transaction
        if self.automine:
            self.mine()
        return data(transaction.hash)

    def nonce(self, address, tag):
        nonce = self.state(tag).get_nonce(address)
        if tag == "pending":
            while nonce in self.pool.get(address, {}):
                nonce += 1
        return nonce

    def execute(self, call, tag, gas=None):
        """Runs a call on the state of a block and undoes it."""
        state = self.state(tag)
        sender = to_canonical_address(call.get("from", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"))
        gas = gas or int(call.get("gas", hex(state.gas_limit)), 16)
        builder = self.chain.get_vm().get_transaction_builder()
        transaction = builder.new_unsigned_dynamic_fee_transaction(
            chain_id=self.chain.chain_id,
            nonce=state.get_nonce(sender),
            max_priority_fee_per_gas=0,
            max_fee_per_gas=state.base_fee,
            gas=gas,
            to=to_canonical_address(call["to"]) if call.get("to") else b"",
            value=int(call.get("value", "0x0"), 16),
            data=bytes.fromhex(call.get("data", call.get("input", "0x"))[2:]),
            access_list=[],
        )
        snapshot = state.snapshot()
        try:
            # A call pays nothing for its gas, as with geth; what it sends along it must have.
            state.delta_balance(sender, gas * state.base_fee)
            return state.apply_transaction(SpoofTransaction(transaction, from_=sender))
        except RPCError:
            raise
        except Exception as error:
            raise RPCError(-32000, str(error))
        finally:
            state.revert(snapshot)

    @staticmethod
    def require_success(computation):
        if not computation.is_error:
            return
        error = computation.error
        if isinstance(error, Revert):
            raise RPCError(3, "execution reverted", data(computation.output))
        raise RPCError(-32000, f"{type(error).__name__}: {error}")

    def call(self, call, tag):
        computation = self.execute(call, tag)
        self.require_success(computation)
        return data(computation.output)

    def estimate(self, call):
        limit = self.chain.header.gas_limit
        computation = self.execute(call, "latest", limit)
        self.require_success(computation)
        used = computation.get_gas_used()
        intrinsic = limit - computation.msg.gas
        # Refunds come at the end, and a call leaves a 64th of the gas behind: a little more than what was used is needed.
        low, high = used + intrinsic, limit
        guess = min(limit, (used + intrinsic) * 64 // 63 + 30_000)
        if not self.execute(call, "latest", guess).is_error:
            return guess
        low = guess
        while high - low > 5_000:
            middle = (low + high) // 2
            if self.execute(call, "latest", middle).is_error:
                low = middle
            else:
                high = middle
        return high

    # --- Receipts

    def transaction(self, identifier):
        """The transaction of a hash and its place, `None` for one that is not in a block."""
        place = self.places.get(identifier)
        if place is not None:
            return self.chain.get_canonical_block_by_number(place[0]).transactions[place[1]], place
        for waiting in self.pool.values():
            for transaction in waiting.values():
                if transaction.hash == identifier:
                    return transaction, None
        return None, None

    def transaction_by_hash(self, identifier):
        transaction, place = self.transaction(identifier)
        if transaction is None:
            return None
        number = quantity(place[0]) if place else None
        return {
            "hash": data(transaction.hash), "nonce": quantity(transaction.nonce), "from": data(transaction.sender),
            "blockNumber": number, "blockHash": data(self.header(place[0]).hash) if place else None,
        }

    def receipt(self, identifier):
        transaction, place = self.transaction(identifier)
        if place is None:
            return None
        number, index = place
        header = self.header(number)
        receipts = self.chain.get_canonical_block_by_number(number).get_receipts(self.chain.chaindb)
        before = receipts[index - 1].gas_used if index else 0
        sender = transaction.sender
        created = keccak(rlp.encode([sender, transaction.nonce]))[12:] if transaction.to == b"" else None
        tip = min(transaction.max_priority_fee_per_gas, transaction.max_fee_per_gas - header.base_fee_per_gas)
        return {
            "transactionHash": data(identifier),
            "transactionIndex": quantity(index),
            "blockHash": data(header.hash),
            "blockNumber": quantity(number),
            "from": data(sender),
            "to": data(transaction.to) if transaction.to else None,
            "status": quantity(int(receipts[index].state_root == b"\x01")),
            "gasUsed": quantity(receipts[index].gas_used - before),
            "cumulativeGasUsed": quantity(receipts[index].gas_used),
            "effectiveGasPrice": quantity(header.base_fee_per_gas + tip),
            "contractAddress": data(created) if created else None,
            "logs": [log for log in self.block_logs(number) if log["transactionHash"] == data(identifier)],
        }

    def block_logs(self, number):
        header = self.header(number)
        block = self.chain.get_canonical_block_by_number(number)
        logs = []
        for index, receipt in enumerate(block.get_receipts(self.chain.chaindb)):
            for log in receipt.logs:
                logs.append({
                    "address": data(log.address),
                    "topics": [data(topic.to_bytes(32, "big")) for topic in log.topics],
                    "data": data(log.data),
                    "blockNumber": quantity(number),
                    "blockHash": data(header.hash),
                    "transactionHash": data(block.transactions[index].hash),
                    "transactionIndex": quantity(index),
                    "logIndex": quantity(len(logs)),
                    "removed": False,
                })
        return logs

    def logs(self, query):
        first = self.block_number(query.get("fromBlock", "latest"))
        last = min(self.head, self.block_number(query.get("toBlock", "latest")))
        topics = query.get("topics", [])
        found = []
        for number in range(first, last + 1):
            for log in self.block_logs(number):
                if "address" in query and log["address"] != query["address"].lower():
                    continue
                if all(
                    wanted is None or (position < len(log["topics"]) and log["topics"][position] == wanted)
                    for position, wanted in enumerate(topics)
                ):
                    found.append(log)
        return found

    def fee_history(self, count, percentiles):
        numbers = range(max(0, self.head - count + 1), self.head + 1)
        fees = [quantity(self.header(number).base_fee_per_gas) for number in numbers]
        return {
            "oldestBlock": quantity(numbers[0]),
            "baseFeePerGas": fees + fees[-1:],
            "gasUsedRatio": [self.header(number).gas_used / self.header(number).gas_limit for number in numbers],
            "reward": [[quantity(10**9)] * len(percentiles) for _ in numbers],
        }

    # --- JSON-RPC

    def set_automine(self, flag):
        self.automine = bool(flag)
        return True

    def set_time(self, timestamp):
        timestamp = timestamp if isinstance(timestamp, int) else int(timestamp, 16)
        if timestamp <= self.header(self.head).timestamp:
            raise RPCError(-32000, "the time is not later than the last block's")
        self.next_time = timestamp
        return quantity(timestamp)

    def answer(self, method, parameters):
        def address(position=0):
            return to_canonical_address(parameters[position])

        def tag(position):
            return parameters[position] if len(parameters) > position else "latest"

        def bytes_of(position):
            return bytes.fromhex(parameters[position][2:])

        def mine():
            self.mine()
            return "0x0"

        methods = {
            "eth_chainId": lambda: quantity(self.chain.chain_id),
            "net_version": lambda: str(self.chain.chain_id),
            "web3_clientVersion": lambda: "eth-tester",
            "eth_blockNumber": lambda: quantity(self.head),
            "eth_getBalance": lambda: quantity(self.state(tag(1)).get_balance(address())),
            "eth_getTransactionCount": lambda: quantity(self.nonce(address(), tag(1))),
            "eth_getCode": lambda: data(self.state(tag(1)).get_code(address())),
            "eth_gasPrice": lambda: quantity(self.chain.header.base_fee_per_gas + 10**9),
            "eth_feeHistory": lambda: self.fee_history(int(parameters[0], 16), parameters[2]),
            "eth_estimateGas": lambda: quantity(self.estimate(parameters[0])),
            "eth_call": lambda: self.call(parameters[0], tag(1)),
            "eth_sendRawTransaction": lambda: self.send(bytes_of(0)),
            "eth_getTransactionReceipt": lambda: self.receipt(bytes_of(0)),
            "eth_getTransactionByHash": lambda: self.transaction_by_hash(bytes_of(0)),
            "eth_getBlockByNumber": lambda: self.block(tag(0)),
            "eth_getLogs": lambda: self.logs(parameters[0]),
            "evm_mine": mine,
            "evm_setAutomine": lambda: self.set_automine(parameters[0]),
            "evm_setNextBlockTimestamp": lambda: self.set_time(parameters[0]),
            "evm_snapshot": self.snapshot,
            "evm_revert": lambda: self.revert(parameters[0]),
            "evm_dropPending": lambda: self.pool.clear() or True,
        }
        if method not in methods:
            raise RPCError(-32601, f"the method {method} does not exist")
        with self.lock:
            return methods[method]()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    chains = {}
    chains_lock = threading.Lock()

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > LARGEST_REQUEST:
            return self.reply(413, {"error": "too large"})
        identifier = None
        try:
            request = json.loads(self.rfile.read(length))
            identifier = request["id"]
            with self.chains_lock:
                if self.path not in self.chains:
                    self.chains[self.path] = Chain()
                chain = self.chains[self.path]
            result = chain.answer(request["method"], request.get("params", []))
            self.reply(200, {"jsonrpc": "2.0", "id": identifier, "result": result})
        except RPCError as error:
            failure = {"code": error.code, "message": error.message}
            if error.data is not None:
                failure["data"] = error.data
            self.reply(200, {"jsonrpc": "2.0", "id": identifier, "error": failure})
        except Exception as error:
            failure = {"code": -32603, "message": f"{type(error).__name__}: {error}"}
            self.reply(200, {"jsonrpc": "2.0", "id": identifier, "error": failure})

    def reply(self, status, body):
        encoded = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)


def end_with_parent():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=end_with_parent, daemon=True).start()
    timer = threading.Timer(LIFETIME_SECONDS, lambda: os._exit(0))
    timer.daemon = True
    timer.start()
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
