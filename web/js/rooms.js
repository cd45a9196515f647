// The page of all rooms: the numbers on it are live, and what was written elsewhere and not sent is sent from here, too.

import { Api } from "./api.js"
import { Delivery } from "./delivery.js"
import { openConnection } from "./live.js"
import { need } from "./dom.js"
import { showNotice } from "./notice.js"
import { Outbox } from "./outbox.js"
import { csrfToken, pageState } from "./page.js"
import { suggestPeople } from "./people.js"
import { Presence } from "./presence.js"
import { RoomList } from "./room-list.js"
import { RoomListView } from "./room-list-view.js"
import { sharedStorage, tabStorage } from "./storage.js"

const { me, rooms } = pageState()
const api = new Api({ csrf: csrfToken() })
const roomList = new RoomList(rooms, me.username)
const view = new RoomListView(null)
const presence = new Presence()
const outbox = new Outbox(sharedStorage(), me.username)
const delivery = new Delivery({
  outbox,
  send: (frame) => connection.send(frame),
  onConfirmed: () => {},
  onChange: () => {},
})

showNotice(tabStorage(), need(document, "#main", HTMLElement))
suggestPeople(api)
draw()
const connection = openConnection({
  api,
  onFrame: receive,
  onOpen: () => {
    delivery.connected()
    refresh()
  },
  onClosed: () => delivery.disconnected(),
  onSignOut: () => outbox.clear(),
})

/** @param {Parley.ServerFrame} frame */
function receive(frame) {
  if (frame.type === "ok" || frame.type === "error") return delivery.answered(frame)
  if (frame.type === "chat_message") roomList.received(frame.room, frame.message)
  if (frame.type === "read") roomList.read(frame.room, frame.seq)
  if (frame.type === "room_joined") roomList.joined(frame.room)
  if (frame.type === "person") roomList.renamed(frame.username, frame.person)
  if (frame.type === "presence") presence.heard(frame)
  if (frame.type === "room_left") roomList.left(frame.room)
  if (frame.type === "room_changed" || frame.type === "place_changed") roomList.changed(frame)
  draw()
}

function refresh() {
  Promise.all([api.rooms(), api.online()]).then(([all, online]) => {
    roomList.replace(all)
    presence.replace(online)
    draw()
  }).catch(() => {
    // What the server rendered is still there.
  })
}

function draw() {
  view.draw(roomList)
  view.drawPresence(roomList, (room) => presence.isThere(room, me.username))
  // A room that one has joined elsewhere is no longer on offer.
  for (const offer of document.querySelectorAll('[data-list="public"] > [data-room]')) {
    if (roomList.find(offer.getAttribute("data-room") ?? "")) offer.remove()
  }
}
