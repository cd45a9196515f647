import Foundation

/// What is given out to be brought back once, in memory and bounded in number: where there is one too many of one
/// owner's, or of all together, the oldest makes room. So nobody keeps others out by taking all places.
struct OneUsePool<Owner: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Item {
        let number: UInt64
        let owner: Owner
        let value: Value
    }

    private let countMax: Int
    private let ownerMax: Int
    private var items: [Data: Item] = [:]
    /// By their numbers, which rise: the oldest has the lowest.
    private var keys: [UInt64: Data] = [:]
    private var numbers: [Owner: [UInt64]] = [:]
    private var next: UInt64 = 0
    /// Nothing that is kept has a lower number.
    private var lowest: UInt64 = 0

    /// - Parameters:
    ///   - countMax: of all together.
    ///   - ownerMax: of one owner.
    init(countMax: Int, ownerMax: Int) {
        self.countMax = countMax
        self.ownerMax = ownerMax
    }

    /// - Parameter key: what it is brought back by: random, and given out for nothing else.
    mutating func put(_ value: Value, as key: Data, of owner: Owner) {
        if let own = numbers[owner], own.count >= ownerMax, let oldest = own.first { remove(oldest) }
        if items.count >= countMax {
            while lowest < next, keys[lowest] == nil { lowest += 1 }
            remove(lowest)
        }
        items[key] = Item(number: next, owner: owner, value: value)
        keys[next] = key
        numbers[owner, default: []].append(next)
        next += 1
    }

    /// Uses it up.
    mutating func take(_ key: Data) -> Value? {
        guard let item = items[key] else { return nil }
        remove(item.number)
        return item.value
    }

    private mutating func remove(_ number: UInt64) {
        guard let key = keys.removeValue(forKey: number), let item = items.removeValue(forKey: key) else { return }
        numbers[item.owner]?.removeAll { $0 == number }
        if numbers[item.owner]?.isEmpty == true { numbers[item.owner] = nil }
    }
}
