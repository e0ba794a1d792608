import Presentation

/// `zkpot chain`
struct ChainVerb: VerbGroup {
    static let about = About(
        "chain", "Take part in the protocol on an Ethereum chain.",
        discussion: """
            --node names the node's JSON-RPC (ZKPOT_NODE, or http://127.0.0.1:8545). Transactions are signed here, with a \
            key in a file that only its owner can read; the node never sees it. What a contract refuses is told before \
            anything is sent, with the reason codes of Docs/protocol.md.
            """,
        example: """
            zkpot chain key --output alice.key
            zkpot chain send 0x5FbDB2315678afecb367f032d93F642f64180aa3 register participant 1000 --key alice.key
            """,
        verbs: [
            ChainKeyVerb.self, ChainAccountVerb.self, ChainDeployVerb.self, ChainTestSetVerb.self,
            ChainCommitVerb.self, ChainRevealVerb.self, ChainProveVerb.self, ChainSignSurvivorsVerb.self,
            ChainFinalizeVerb.self, ChainSignPayoutVerb.self, ChainCallVerb.self, ChainSendVerb.self,
            ChainReceiptVerb.self,
            ChainLogsVerb.self,
        ])
}
