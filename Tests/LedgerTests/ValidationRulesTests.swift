import Ledger
import LedgerTestSupport
import Testing

@Suite struct ValidationRulesTests {
    @Test func validationsHaveTheirTimeAndPlace() throws {
        var story = try Story.proven(2)
        let (a, c) = (story.participants[0], story.participants[2])
        let (v, w) = (story.validators[0], story.validators[1])
        try story.expectRefusal(try story.tooEarly(\.proofDeadline), Story.validate(a, 130), by: v)
        story.advance(to: \.proofDeadline)
        try story.expectRefusal(.conflictOfInterest, Story.validate(a, 130), by: story.publisher)
        try story.expectRefusal(.conflictOfInterest, Story.validate(a, 130), by: story.participants[1])
        try story.expectRefusal(.claimMissing, Story.validate(c, 1), by: v)
        try story.expectRefusal(
            .claimOutOfRange(correct: 151, samples: 150), Story.validate(a, 151), by: v)
        let outsider = Story.signer(60)
        try story.expectRefusal(
            .notStaked(.validator, free: 0, needs: 20), Story.validate(a, 130), by: outsider)
        #expect(try story.accept(Story.validate(a, 130), v) == .validated)
        #expect(story.locked(v, .validator) == 20)
        try story.expectRefusal(.alreadyValidated, Story.validate(a, 131), by: v)
        // Another claim of the same order locks nothing more.
        try story.accept(Story.validate(story.participants[1], 140), v)
        #expect(story.locked(v, .validator) == 20)
        story.approach(\.validationDeadline)
        try story.accept(Story.validate(a, 0), w)
        try story.expectRefusal(.lateValidation, Story.validate(a, 130), by: story.validators[2])
    }

    @Test func anOrderHasRoomForSoManyValidators() throws {
        var parameters = Story.parameters
        parameters.maximumValidators = 1
        var story = try Story.proven(1, parameters: parameters)
        let a = story.participants[0]
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 130), story.validators[0])
        try story.expectRefusal(.tooManyValidators, Story.validate(a, 130), by: story.validators[1])
    }

    @Test func aFalseValidationCostsItsStake() throws {
        var story = try Story.proven(2)
        let (a, v, challenger) = (story.participants[0], story.validators[0], story.verifiers[0])
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 131), v)
        try story.accept(Story.validate(story.participants[1], 140), v)
        let before = story.balance(challenger)
        #expect(
            try story.accept(Story.challenge(v, of: a), challenger)
                == .challengeDecided(isUpheld: true, score: 130, slashed: 20, awarded: 10))
        #expect(story.balance(challenger) == before + 10)
        #expect(story.stake(v, .validator) == 20)
        #expect(story.locked(v, .validator) == 0)
        #expect(story.state.burnt == 10)
        // It is out of this order, with all that it said.
        try story.expectRefusal(.validatorSlashed, Story.challenge(v, of: a), by: challenger)
        try story.expectRefusal(
            .validatorSlashed, Story.challenge(v, of: story.participants[1]), by: challenger)
        try story.expectRefusal(.validatorSlashed, Story.validate(a, 130), by: v)
    }

    @Test func aFalseChallengeCostsItsStake() throws {
        var story = try Story.proven(1)
        let (a, v, challenger) = (story.participants[0], story.validators[0], story.verifiers[0])
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 130), v)
        let before = story.balance(v)
        #expect(
            try story.accept(Story.challenge(v, of: a), challenger)
                == .challengeDecided(isUpheld: false, score: 130, slashed: 10, awarded: 5))
        #expect(story.balance(v) == before + 5)
        #expect(story.stake(challenger, .verifier) == 10)
        #expect(story.state.burnt == 5)
        try story.expectRefusal(.alreadyChallenged, Story.challenge(v, of: a), by: story.verifiers[1])
    }

    @Test func challengesHaveTheirTimeAndPlace() throws {
        var story = try Story.proven(1)
        let (a, v, challenger) = (story.participants[0], story.validators[0], story.verifiers[0])
        try story.expectRefusal(
            try story.tooEarly(\.proofDeadline), Story.challenge(v, of: a), by: challenger)
        story.advance(to: \.proofDeadline)
        try story.expectRefusal(.validationMissing, Story.challenge(v, of: a), by: challenger)
        try story.accept(Story.validate(a, 129), v)
        try story.accept(.register(Register(role: .verifier, amount: 10)), v)
        try story.expectRefusal(.conflictOfInterest, Story.challenge(v, of: a), by: v)
        let outsider = Story.signer(60)
        try story.expectRefusal(
            .notStaked(.verifier, free: 0, needs: 10), Story.challenge(v, of: a), by: outsider)
        try story.expectRefusal(.wrongMode(.zk), Story.check(a), by: challenger)
        story.advance(to: \.challengeDeadline)
        try story.expectRefusal(.lateChallenge, Story.challenge(v, of: a), by: challenger)
    }
}
