// The objects of docs/protocol.md, as the type checker sees them. Nothing here exists at run time.

declare namespace Parley {
  interface Person {
    isBot?: boolean
    username: string
    name: string
  }

  /** What somebody is up to. */
  interface Status {
    emoji: string | null
    text: string
    until: string | null
  }

  interface Message {
    seq: number
    sender: Person
    text: string
    sentAt: string
    clientId: string | null
    unreadable?: boolean
    /** Who took the text away. */
    removed?: "author" | "moderator"
    /** This is no message: it says that the one at this place was removed. */
    removes?: number
  }

  /** A piece of a message's text as it is shown: text, or an element of a closed set. */
  type MarkupNode = string | MarkupElement

  interface MarkupElement {
    name: "p" | "strong" | "em" | "code" | "a" | "pre" | "blockquote" | "ul" | "ol" | "li"
    children: MarkupNode[]
    /** Only of "a": http, https or mailto. */
    href?: string
    /** Only of "a" whose text is not its address. */
    title?: string
    /** Only of "ol". */
    start?: number
  }

  interface Room {
    slug: string
    name: string
    topic: string
    kind: "public" | "private" | "direct"
    isMember: boolean
    epoch: string
    lastSeq: number
    readSeq: number
    unread: number
    members: Person[] | null
    slowSeconds: number
    isLocked: boolean
    isAnnouncement: boolean
    role: "owner" | "moderator" | "member" | null
    permissions: string[]
    muted: Restriction | null
    banned: Restriction | null
  }

  interface Restriction {
    /** null: until it is lifted */
    until: string | null
  }

  /** Of one history of the room: `seq` of another epoch may mean another message. */
  interface HistoryPage {
    epoch: string
    messages: Message[]
    hasMore: boolean
  }

  type FrameId = string | number

  type ServerFrame =
    | { type: "ok"; re: FrameId | null; room?: string; seq?: number }
    | { type: "error"; re: FrameId | null; code: string; message: string; temporary: boolean }
    | { type: "chat_message"; room: string; seq: number; message: Message }
    | { type: "read"; room: string; seq: number }
    | { type: "resumed"; re: FrameId | null; room: string; epoch: string; seq: number; reload: boolean }
    | { type: "typing"; room: string; user: Person; active: boolean; seconds: number }
    | { type: "presence"; user: Person; online: boolean }
    | { type: "person"; username: string; person: Person; status: Status | null; erased?: boolean }
    | { type: "room_joined"; room: Room }
    | { type: "room_left"; room: string; reason?: "kicked" | "banned"; until?: string | null }
    | { type: "room_changed"; room: string; name: string; topic: string; kind: "public" | "private"; slowSeconds: number; isLocked: boolean; isAnnouncement: boolean }
    | { type: "place_changed"; room: string; role: "owner" | "moderator" | "member"; permissions: string[]; muted: Restriction | null }
    | { type: "close"; code: number; reason: string }

  type ClientFrame =
    | { type: "chat_message"; id?: FrameId; room?: string; message: string; clientId?: string }
    | { type: "read"; id?: FrameId; room?: string; seq: number }
    | { type: "resume"; id?: FrameId; room?: string; epoch: string; seq: number }
    | { type: "typing"; room?: string; active: boolean }
    | { type: "ping"; id?: FrameId }

  /** A message of one's own that the server has not confirmed yet. */
  interface OutboxEntry {
    clientId: string
    room: string
    text: string
    writtenAt: string
    /** Rises with every message, also across tabs. */
    order: number
    state: "queued" | "sent" | "failed"
    /** Why it was refused: a sentence for people. Only when `state` is `failed`. */
    problem: string | null
  }

  /** One line of the timeline, ready to be drawn. */
  type Row =
    | { kind: "day"; key: string; day: string }
    | { kind: "unread"; key: string }
    | { kind: "reloaded"; key: string }
    | { kind: "message"; key: string; message: Message; isMine: boolean; isContinued: boolean }
    | { kind: "pending"; key: string; entry: OutboxEntry; isContinued: boolean }

  type ConnectionState =
    | { name: "idle" }
    | { name: "connecting" }
    | { name: "open" }
    | { name: "waiting"; retryAt: number }
    | { name: "stopped"; code: number }
    | { name: "signed-out" }

  /** What the state machines need of time, so that tests can hold the clock. */
  interface Clock {
    now(): number
    setTimeout(action: () => void, milliseconds: number): unknown
    clearTimeout(handle: unknown): void
  }

  /** The part of the browser's WebSocket that is used. */
  interface SocketLike {
    onopen: ((event: any) => void) | null
    onmessage: ((event: any) => void) | null
    onclose: ((event: any) => void) | null
    onerror: ((event: any) => void) | null
    send(data: string): void
    close(code?: number): void
  }

  /** The part of the browser's Storage that is used. */
  interface StorageLike {
    getItem(key: string): string | null
    setItem(key: string, value: string): void
    removeItem(key: string): void
  }

  interface SharedStorageLike extends StorageLike {
    keys(): string[]
  }

  interface ChatState {
    me: Person
    room: Room
    rooms: Room[]
    messageCharactersMax: number
  }
}
