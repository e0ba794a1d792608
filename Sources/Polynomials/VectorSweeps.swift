#if arch(x86_64)
    import CFieldKernels
    import FieldArithmetic
    import Parallelism

    /// A small transform's factors in the form of the vector kernel.
    private struct VectorTransform: Sendable {
        private let threes: Int
        private let twos: Int
        private let isUntwisted: Bool
        /// The factors of the portable transform, then its cube root.
        private let factors: [zk_ntt_factor]

        init(_ transform: SmallTransform<BN254ScalarField>) {
            threes = transform.radices.filter { $0 == 3 }.count
            twos = transform.radices.count - threes
            isUntwisted = transform.isUntwisted
            let elements = (transform.twiddles + [transform.cubeRoot]).map { $0 * BN254ScalarField(16) }
            factors = [zk_ntt_factor](unsafeUninitializedCapacity: elements.count) { buffer, initialized in
                elements.withUnsafeBytes { bytes in
                    zk_ntt_prepare_factors(
                        buffer.baseAddress, bytes.assumingMemoryBound(to: UInt64.self).baseAddress,
                        elements.count)
                }
                initialized = elements.count
            }
        }

        var byteCount: Int { factors.count * MemoryLayout<zk_ntt_factor>.stride }

        func withUnsafeTransform(_ body: (UnsafePointer<zk_ntt_small>) -> Void) {
            factors.withUnsafeBufferPointer { factors in
                let start = factors.baseAddress!
                var transform = zk_ntt_small(
                    threes: UInt32(threes), twos: UInt32(twos), factors: start,
                    cube_root: start + (factors.count - 1), is_untwisted: isUntwisted ? 1 : 0)
                body(&transform)
            }
        }
    }

    /// The sweeps over the matrix of values with the vector kernel, eight columns or rows at a time.
    struct VectorSweeps: Sendable {
        typealias F = BN254ScalarField
        typealias Values = UnsafeMutablePointer<F>

        private let plan: TransformPlan<F>
        private let columnForward: VectorTransform
        private let rowForward: VectorTransform
        private let columnInverse: VectorTransform
        private let rowInverse: VectorTransform
        private let columnCoset: VectorTransform
        private let rowCoset: VectorTransform

        /// `nil` if the processor lacks the instructions or the plan has fewer than eight rows or columns.
        init?(plan: TransformPlan<F>) {
            guard Kernel.vector.isSupported, plan.rows % 8 == 0, plan.columns % 8 == 0 else { return nil }
            self.plan = plan
            columnForward = VectorTransform(plan.columnForward)
            rowForward = VectorTransform(plan.rowForward)
            columnInverse = VectorTransform(plan.columnInverse)
            rowInverse = VectorTransform(plan.rowInverse)
            columnCoset = VectorTransform(plan.columnCoset)
            rowCoset = VectorTransform(plan.rowCoset)
        }

        var tableByteCount: Int {
            [columnForward, rowForward, columnInverse, rowInverse, columnCoset, rowCoset]
                .reduce(0) { $0 + $1.byteCount }
        }

        /// Values on the domain to values on the coset, in place.
        func moveToCoset(_ polynomials: [Values]) {
            columnInverse.withUnsafeTransform { transform in
                sweepColumns(polynomials.count, first: plan.inverseSize, ratio: .one, root: plan.inverseRoot)
                {
                    let values = polynomials[$0].limbs + 4 * $1
                    zk_ntt_split_columns(values, values, plan.columns, transform, $2, $3, $4)
                }
            }
            sweepRows(polynomials)
            columnCoset.withUnsafeTransform { transform in
                sweepColumns(polynomials.count, first: .one, ratio: plan.cosetShift, root: plan.root) {
                    let values = polynomials[$0].limbs + 4 * $1
                    zk_ntt_join_columns(values, values, plan.columns, transform, $2, $3, $4)
                }
            }
        }

        /// A transform from natural to natural order, in place, with `scratch` for the values between the sweeps.
        func transform(_ values: Values, scratch: Values, inverse: Bool) {
            let (columns, rows) = inverse ? (columnInverse, rowInverse) : (columnForward, rowForward)
            columns.withUnsafeTransform { transform in
                sweepColumns(
                    1, first: inverse ? plan.inverseSize : .one, ratio: .one,
                    root: inverse ? plan.inverseRoot : plan.root
                ) {
                    zk_ntt_split_columns(
                        values.limbs + 4 * $1, scratch.limbs + 4 * $1, plan.columns, transform, $2, $3, $4)
                }
            }
            let positions = plan.positionsOfRows
            let places = (0..<plan.columns).map { UInt32(plan.rowInverse.index(atPosition: $0)) }
            rows.withUnsafeTransform { transform in
                parallelRanges(plan.rows / 8) { range in
                    Self.withWorkspace(size: plan.columns) { workspace in
                        for first in range.lazy.map({ 8 * $0 }) {
                            let addresses = (0..<8).map {
                                UnsafePointer?(scratch.limbs + 4 * plan.columns * positions[first + $0])
                            }
                            zk_ntt_split_rows_transposed(
                                addresses, values.limbs + 4 * first, plan.rows, places, transform, workspace)
                        }
                    }
                }
            }
        }

        /// Calls `body` for each group of eight columns of each polynomial, in parallel, with the polynomial's number,
        /// the first column, ratio·root^column for the eight columns, `first` and a workspace.
        private func sweepColumns(
            _ polynomials: Int, first: F, ratio: F, root: F,
            _ body: (Int, Int, UnsafePointer<UInt64>, UnsafePointer<UInt64>, UnsafeMutableRawPointer) -> Void
        ) {
            let groups = plan.columns / 8
            parallelRanges(groups * polynomials) { range in
                Self.withWorkspace(size: plan.rows) { workspace in
                    withUnsafeTemporaryAllocation(of: F.self, capacity: 9) { constants in
                        constants.initializeElement(at: 8, to: first)
                        for index in range {
                            let column = index % groups * 8
                            var power = ratio * root.power(UInt64(column))
                            for lane in 0..<8 {
                                constants.initializeElement(at: lane, to: power)
                                power *= root
                            }
                            let limbs = constants.baseAddress!.limbs
                            body(index / groups, column, limbs, limbs + 32, workspace)
                        }
                    }
                }
            }
        }

        private func sweepRows(_ polynomials: [Values]) {
            let groups = plan.rows / 8
            rowInverse.withUnsafeTransform { split in
                rowCoset.withUnsafeTransform { join in
                    parallelRanges(groups * polynomials.count) { range in
                        Self.withWorkspace(size: plan.columns) { workspace in
                            for index in range {
                                let row = index % groups * 8
                                zk_ntt_split_join_rows(
                                    polynomials[index / groups].limbs + 4 * plan.columns * row, plan.columns,
                                    split, join, workspace)
                            }
                        }
                    }
                }
            }
        }

        private static func withWorkspace(size: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
            withUnsafeTemporaryAllocation(byteCount: zk_ntt_workspace_bytes(size), alignment: 64) {
                body($0.baseAddress!)
            }
        }
    }

    extension UnsafeMutablePointer where Pointee == BN254ScalarField {
        /// The elements' limbs, four for each.
        var limbs: UnsafeMutablePointer<UInt64> {
            UnsafeMutableRawPointer(self).assumingMemoryBound(to: UInt64.self)
        }
    }
#endif
