// The page of one room: puts the parts together, and nothing else.

import { Api } from "./api.js"
import { newClientId } from "./client-id.js"
import { Composer } from "./composer.js"
import { Conversation } from "./conversation.js"
import { Delivery } from "./delivery.js"
import { need } from "./dom.js"
import { Drafts } from "./drafts.js"
import { openConnection } from "./live.js"
import { closeMenusOnLeave } from "./menu.js"
import { Outbox } from "./outbox.js"
import { csrfToken, pageState } from "./page.js"
import { suggestPeople } from "./people.js"
import { readFrame } from "./protocol.js"
import { Reads } from "./reads.js"
import { RoomList } from "./room-list.js"
import { RoomListView } from "./room-list-view.js"
import { tabStorage } from "./storage.js"

/** @type {Parley.ChatState} */
const { me, room, rooms, messageCharactersMax } = pageState()
const api = new Api({ csrf: csrfToken() })
const storage = tabStorage()
const drafts = new Drafts(storage, me.username)
const outbox = new Outbox(storage, me.username)
const roomList = new RoomList(rooms, me.username)
const roomListView = new RoomListView(room.slug)

const reads = new Reads({
  readSeq: room.readSeq,
  send: (seq) => connection.send(readFrame({ room: room.slug, seq })),
})

const delivery = new Delivery({
  outbox,
  send: (frame) => connection.send(frame),
  onConfirmed: (entry, seq) => {
    if (entry.room === room.slug) conversation?.confirm(entry, seq)
  },
  onChange: () => conversation?.draw(),
})

const connection = openConnection({ api, onFrame: receive, onOpen: opened, onClosed: () => delivery.disconnected() })
const conversation = room.isMember ? openConversation() : null

closeMenusOnLeave()
suggestPeople(api)
roomListView.draw(roomList)

/** @param {Parley.ServerFrame} frame */
function receive(frame) {
  switch (frame.type) {
    case "ok":
    case "error":
      return delivery.answered(frame)
    case "chat_message":
      roomList.received(frame.room, frame.message)
      if (frame.message.sender.username === me.username && frame.message.clientId) delivery.arrived(frame.message.clientId)
      if (frame.room === room.slug) conversation?.receive(frame.message)
      return roomListView.draw(roomList)
    case "read":
      roomList.read(frame.room, frame.seq)
      if (frame.room === room.slug) reads.movedTo(frame.seq)
      return roomListView.draw(roomList)
    case "room_joined":
      roomList.joined(frame.room)
      // Joined from another tab: this page showed only the door.
      if (frame.room.slug === room.slug && !conversation) return location.reload()
      return roomListView.draw(roomList)
    case "room_left":
      roomList.left(frame.room)
      if (frame.room === room.slug && conversation) return location.assign("/rooms/")
      return roomListView.draw(roomList)
  }
}

function opened() {
  delivery.connected()
  reads.flush()
  void conversation?.catchUp()
  api.rooms().then((all) => {
    roomList.replace(all)
    roomList.read(room.slug, reads.readSeq)
    roomListView.draw(roomList)
  }).catch(() => {
    // The numbers stay as they were; events go on correcting them.
  })
}

function openConversation() {
  const opened = new Conversation({
    api,
    me,
    room,
    pending: () => outbox.inRoom(room.slug),
    onSeen: (seq) => {
      reads.saw(seq)
      roomList.read(room.slug, seq)
      roomListView.draw(roomList)
    },
    onArrived: (message) => {
      if (message.sender.username === me.username && message.clientId) delivery.arrived(message.clientId)
    },
    onAction: act,
  })
  const composer = new Composer({
    form: need(document, "[data-composer]", HTMLFormElement),
    charactersMax: messageCharactersMax,
    draft: drafts.read(room.slug),
    onDraft: (draft) => drafts.write(room.slug, draft),
    onSend: write,
  })
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") opened.look()
    else opened.looksAway()
  })
  // On a touch screen the keyboard would cover the conversation before one has seen it.
  if (matchMedia("(hover: hover) and (pointer: fine)").matches) composer.focus()
  return opened
}

/** @param {string} text */
function write(text) {
  outbox.add({ clientId: newClientId(), room: room.slug, text, writtenAt: new Date().toISOString() })
  conversation?.wrote()
  delivery.advance()
}

/**
 * @param {string} action
 * @param {string} clientId
 */
function act(action, clientId) {
  if (action === "retry") outbox.retry(clientId)
  if (action === "delete") outbox.remove(clientId)
  conversation?.draw()
  delivery.advance()
}
