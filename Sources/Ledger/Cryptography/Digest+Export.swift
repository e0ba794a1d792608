// Digests and Merkle trees are the same for the ledger, for provers of training and for contracts.
@_exported import AuditProtocol
