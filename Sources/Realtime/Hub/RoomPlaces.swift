import Model

/// The rooms that a socket receives, each with its place in the shard's list. Most sockets have a few, for which a
/// list is smaller and faster than a dictionary.
struct RoomPlaces {
    private var entries: [(room: RoomID, place: Int32)] = []

    var rooms: [RoomID] { entries.map(\.room) }

    subscript(room: RoomID) -> Int? {
        get { entries.first { $0.room == room }.map { Int($0.place) } }
        set {
            let index = entries.firstIndex { $0.room == room }
            switch (index, newValue) {
            case (let index?, let place?): entries[index].place = Int32(place)
            case (let index?, nil): entries.remove(at: index)
            case (nil, let place?): entries.append((room, Int32(place)))
            case (nil, nil): break
            }
        }
    }
}
