import QuantizedLearning

/// The state of all nodes while a block is agreed upon.
struct PBFTRun {
    private enum Kind { case request, prePrepare, prepare, commit, reply }

    private enum Event {
        /// A message reaches its receiver.
        case arrival(Kind, receiver: Int)
        /// The receiver has checked it.
        case checked(Kind, receiver: Int)
    }

    private struct Node {
        var isSilent = false
        var hasBlock = false
        var prepares = 0
        var commits = 0
        var hasSentCommit = false
        var hasReplied = false
        /// When its uplink and its processor are free again.
        var uplinkFree = 0.0
        var processorFree = 0.0
    }

    private let setting: PBFTSimulation
    private var generator: DeterministicGenerator
    private var queue = EventQueue<Event>()
    private var nodes: [Node]
    private var replies = 0
    private var outcome = PBFTSimulation.Outcome(seconds: nil, committed: 0, messages: 0, bytes: 0)

    init(_ setting: PBFTSimulation, seed: UInt64) {
        self.setting = setting
        var mixer = SplitMix64(state: seed)
        generator = DeterministicGenerator(
            state: (mixer.next(), mixer.next(), mixer.next(), mixer.next()))
        nodes = Array(repeating: Node(), count: setting.nodes)
        // Which backups are silent is chosen at random: in a tree it matters where they stand.
        var backups = Array(1..<max(1, setting.nodes))
        generator.shuffle(&backups)
        for backup in backups.prefix(setting.silent) { nodes[backup].isSilent = true }
    }

    mutating func play() -> PBFTSimulation.Outcome {
        // The client has a link of its own, and nothing else to send.
        deliver(.request, to: 0, leaving: transfer(.request))
        while let (time, event) = queue.next() {
            switch event {
            case .arrival(let kind, let receiver): receive(kind, at: receiver, time)
            case .checked(let kind, let receiver): act(on: kind, at: receiver, time)
            }
        }
        return outcome
    }

    private func bytes(of kind: Kind) -> Int {
        switch kind {
        case .request: return setting.requestBytes
        case .prePrepare: return setting.blockBytes
        case .prepare, .commit: return setting.voteBytes
        case .reply: return setting.replyBytes
        }
    }

    private func transfer(_ kind: Kind) -> Double {
        setting.link.transferSeconds(bytes: bytes(of: kind), megabits: setting.megabits)
    }

    /// Puts a message on its way; it has left its sender at the given time.
    private mutating func deliver(_ kind: Kind, to receiver: Int, leaving time: Double) {
        let share = Double(generator.next() >> 11) * 0x1p-53
        outcome.messages += 1
        outcome.bytes += bytes(of: kind)
        queue.add(
            .arrival(kind, receiver: receiver),
            at: time + setting.latency / 1000 * (0.1 + 0.9 * share))
    }

    private mutating func send(
        _ kind: Kind, from sender: Int, to receivers: some Sequence<Int>, _ time: Double
    ) {
        let seconds = transfer(kind)
        for receiver in receivers where receiver != sender {
            switch setting.link {
            case .published: deliver(kind, to: receiver, leaving: time + seconds)
            case .sharedUplink:
                nodes[sender].uplinkFree = max(time, nodes[sender].uplinkFree) + seconds
                deliver(kind, to: receiver, leaving: nodes[sender].uplinkFree)
            }
        }
    }

    /// A block is handed on before it is checked; everything is checked in the order of its arrival.
    private mutating func receive(_ kind: Kind, at receiver: Int, _ time: Double) {
        if kind == .reply {
            replies += 1
            if replies == setting.quorum.replies(nodes: setting.nodes) { outcome.seconds = time }
            return
        }
        guard !nodes[receiver].isSilent else { return }
        if kind == .prePrepare { relay(from: receiver, time) }
        let cost: Double
        switch kind {
        case .request, .reply: cost = 0
        case .prePrepare: cost = setting.blockSeconds
        case .prepare, .commit: cost = setting.voteSeconds
        }
        nodes[receiver].processorFree = max(time, nodes[receiver].processorFree) + cost
        queue.add(.checked(kind, receiver: receiver), at: nodes[receiver].processorFree)
    }

    private mutating func relay(from node: Int, _ time: Double) {
        guard case .tree(let fanOut) = setting.dissemination else { return }
        let first = node * fanOut + 1
        guard first < setting.nodes else { return }
        send(.prePrepare, from: node, to: first..<min(first + fanOut, setting.nodes), time)
    }

    private mutating func act(on kind: Kind, at node: Int, _ time: Double) {
        switch kind {
        case .request:
            nodes[node].hasBlock = true
            if setting.dissemination == .star {
                send(.prePrepare, from: node, to: 1..<setting.nodes, time)
            } else {
                relay(from: node, time)
            }
        case .prePrepare:
            nodes[node].hasBlock = true
            send(.prepare, from: node, to: 0..<setting.nodes, time)
            // A backup's own prepare counts like any other's.
            if setting.quorum == .castroLiskov { nodes[node].prepares += 1 }
        case .prepare: nodes[node].prepares += 1
        case .commit: nodes[node].commits += 1
        case .reply: return
        }
        advance(node, time)
    }

    private mutating func advance(_ node: Int, _ time: Double) {
        let count = setting.nodes
        guard nodes[node].hasBlock else { return }
        if !nodes[node].hasSentCommit,
            nodes[node].prepares >= setting.quorum.prepares(nodes: count, isPrimary: node == 0)
        {
            nodes[node].hasSentCommit = true
            send(.commit, from: node, to: 0..<count, time)
        }
        if nodes[node].hasSentCommit, !nodes[node].hasReplied,
            nodes[node].commits >= setting.quorum.commits(nodes: count)
        {
            nodes[node].hasReplied = true
            outcome.committed += 1
            send(.reply, from: node, to: CollectionOfOne(-1), time)
        }
    }
}
