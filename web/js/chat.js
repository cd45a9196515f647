// The page of one room: puts the parts together, and nothing else.

import { address } from "./base.js"
import { Announcer } from "./announcer.js"
import { Api } from "./api.js"
import { newClientId } from "./client-id.js"
import { Composer } from "./composer.js"
import { Conversation } from "./conversation.js"
import { CONFIRM_MS, Delivery } from "./delivery.js"
import { need } from "./dom.js"
import { Drafts } from "./drafts.js"
import { holdEndsIn, holdSentence } from "./hold.js"
import { momentOf } from "./format.js"
import { openConnection } from "./live.js"
import { closeMenusOnLeave } from "./menu.js"
import { leaveNotice } from "./notice.js"
import { Outbox } from "./outbox.js"
import { csrfToken, pageState } from "./page.js"
import { suggestPeople } from "./people.js"
import { Presence } from "./presence.js"
import { readFrame, resumeFrame, typingFrame } from "./protocol.js"
import { Reads } from "./reads.js"
import { endStatusInTime, showStatus } from "./status.js"
import { RoomList } from "./room-list.js"
import { RoomListView } from "./room-list-view.js"
import { sharedStorage, tabStorage } from "./storage.js"
import { Typing } from "./typing.js"

/** The answer to a resume should be here by then; else what was missed is fetched page by page. */
const RESUME_MS = 10_000

/** @type {Parley.ChatState} */
const { me, room, rooms, messageCharactersMax } = pageState()
const api = new Api({ csrf: csrfToken() })
const drafts = new Drafts(tabStorage(), me.username)
const outbox = new Outbox(sharedStorage(), me.username)
const roomList = new RoomList(rooms, me.username)
const roomListView = new RoomListView(room.slug)

const presence = new Presence()
const announcer = new Announcer(need(document, "[data-announcement]", HTMLElement))
const statusPlace = document.querySelector("[data-status]")
const headerMark = document.querySelector(".room-title [data-online]")
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resumeTimer
/** @type {ReturnType<typeof setTimeout> | undefined} */
let holdTimer
/** @type {Composer | undefined} */
let composer

const typing = new Typing({
  send: (active) => connection.send(typingFrame({ room: room.slug, active })),
  onChange: (sentence) => {
    const line = document.querySelector("[data-typing]")
    if (line) line.textContent = sentence
    announcer.sayRarely(sentence)
  },
})

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

const connection = openConnection({ api, onFrame: receive, onOpen: opened, onClosed: closed, onSignOut: () => outbox.clear() })
const conversation = room.isMember ? openConversation() : null

addEventListener("storage", ({ key, newValue }) => {
  if (!outbox.changedElsewhere(key, newValue)) return
  conversation?.draw()
  // The other tab sends it. Should it be closed before that is done, this one does.
  setTimeout(() => delivery.advance(), CONFIRM_MS)
})
endStatusInTime(statusPlace)
closeMenusOnLeave()
suggestPeople(api)
drawRooms()

/** @param {Parley.ServerFrame} frame */
function receive(frame) {
  switch (frame.type) {
    case "ok":
    case "error":
      return delivery.answered(frame)
    case "resumed":
      clearTimeout(resumeTimer)
      if (frame.room === room.slug) conversation?.resumed(frame)
      return
    case "typing":
      if (frame.room === room.slug && frame.user.username !== me.username) typing.heard(frame)
      return
    case "presence":
      presence.heard(frame)
      return drawRooms()
    case "person":
      return renamed(frame)
    case "chat_message":
      roomList.received(frame.room, frame.message)
      if (frame.room === room.slug) typing.ended(frame.message.sender.username)
      if (frame.message.sender.username === me.username && frame.message.clientId) delivery.arrived(frame.message.clientId)
      if (frame.room === room.slug) conversation?.receive(frame.message)
      return drawRooms()
    case "read":
      roomList.read(frame.room, frame.seq)
      if (frame.room === room.slug) reads.movedTo(frame.seq)
      return drawRooms()
    case "room_joined":
      roomList.joined(frame.room)
      // Joined from another tab: this page showed only the door.
      if (frame.room.slug === room.slug && !conversation) return location.reload()
      return drawRooms()
    case "room_left":
      roomList.left(frame.room)
      if (frame.room === room.slug && conversation) return leave(frame)
      return drawRooms()
    case "room_changed":
    case "place_changed":
      roomList.changed(frame)
      if (frame.room === room.slug) changed()
      return drawRooms()
  }
}

/** @param {Extract<Parley.ServerFrame, { type: "person" }>} frame */
function renamed(frame) {
  if (frame.username === me.username) {
    me.name = frame.person.name
    for (const place of document.querySelectorAll("[data-own-name]")) place.textContent = me.name
  }
  roomList.renamed(frame.username, frame.person)
  conversation?.renamed(frame)
  const isWith = room.members?.length === 2 && room.members.some(({ username }) => username === frame.username)
  if (isWith && frame.username !== me.username) showStatus(statusPlace, frame.status)
  const heading = document.querySelector("#room-name")
  if (room.kind === "direct" && heading) heading.textContent = roomList.find(room.slug)?.name ?? heading.textContent
  drawRooms()
}

function opened() {
  delivery.connected()
  reads.flush()
  resume()
  refreshRooms()
}

function closed() {
  delivery.disconnected()
  clearTimeout(resumeTimer)
}

function refreshRooms() {
  Promise.all([api.rooms(), api.online()]).then(([all, online]) => {
    roomList.replace(all)
    changed()
    roomList.read(room.slug, reads.readSeq)
    presence.replace(online)
    drawRooms()
  }).catch(() => {
    // The numbers stay as they were; events go on correcting them.
  })
}

/** The room, or one's place in it, is another. */
function changed() {
  const now = roomList.find(room.slug)
  if (!now || !conversation) return
  clearTimeout(holdTimer)
  composer?.hold(holdSentence(now, Date.now()))
  const left = holdEndsIn(now, Date.now())
  if (left !== null) holdTimer = setTimeout(changed, left + 1)
  conversation.setMayRemoveAny(now.permissions.includes("remove_messages"))
  need(document, "#room-name", HTMLElement).textContent = now.name
  need(document, ".room-topic", HTMLElement).textContent = now.topic
}

/** @param {Extract<Parley.ServerFrame, { type: "room_left" }>} frame */
function leave({ reason, until }) {
  const end = until ? ` until ${momentOf(until)}` : ""
  if (reason === "kicked") leaveNotice(tabStorage(), `A moderator has sent you out of ${room.name}.`)
  if (reason === "banned") leaveNotice(tabStorage(), `You are banned from ${room.name}${end}.`)
  location.assign(address("/rooms/"))
}

/** Tells the server where we stood; it sends what was missed. */
function resume() {
  if (!conversation) return
  clearTimeout(resumeTimer)
  resumeTimer = setTimeout(() => void conversation.catchUp(), RESUME_MS)
  connection.send(resumeFrame({ room: room.slug, ...conversation.position }))
}

function drawRooms() {
  roomListView.draw(roomList)
  roomListView.drawPresence(roomList, (room) => presence.isThere(room, me.username))
  if (headerMark instanceof HTMLElement) headerMark.hidden = !presence.isThere(room, me.username)
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
      drawRooms()
    },
    onArrived: (message) => {
      if (message.sender.username === me.username && message.clientId) delivery.arrived(message.clientId)
    },
    onAction: act,
    onRemove: (seq) => void remove(seq),
    onReloaded: () => {
      reads.restart()
      refreshRooms()
      announcer.say("The history of this room was loaded anew.")
    },
  })
  composer = new Composer({
    form: need(document, "[data-composer]", HTMLFormElement),
    charactersMax: messageCharactersMax,
    draft: drafts.read(room.slug),
    onDraft: (draft) => drafts.write(room.slug, draft),
    onSend: write,
    onWriting: (text) => typing.wrote(text),
    onLeft: () => typing.stopped(),
  })
  composer.hold(holdSentence(room, Date.now()))
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") opened.look()
    else opened.looksAway()
  })
  // On a touch screen the keyboard would cover the conversation before one has seen it.
  if (matchMedia("(hover: hover) and (pointer: fine)").matches) composer.focus()
  return opened
}

/** @param {number} seq */
async function remove(seq) {
  try {
    await api.removeMessage(room.slug, seq)
    announcer.say("The message was removed.")
  } catch (error) {
    announcer.say(`The message was not removed. ${error instanceof Error ? error.message : ""}`)
  }
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
