// The page of all rooms: the numbers on it are live.

import { Api } from "./api.js"
import { openConnection } from "./live.js"
import { csrfToken, pageState } from "./page.js"
import { suggestPeople } from "./people.js"
import { RoomList } from "./room-list.js"
import { RoomListView } from "./room-list-view.js"

const { me, rooms } = pageState()
const api = new Api({ csrf: csrfToken() })
const roomList = new RoomList(rooms, me.username)
const view = new RoomListView(null)

suggestPeople(api)
draw()
openConnection({ api, onFrame: receive, onOpen: refresh })

/** @param {Parley.ServerFrame} frame */
function receive(frame) {
  if (frame.type === "chat_message") roomList.received(frame.room, frame.message)
  if (frame.type === "read") roomList.read(frame.room, frame.seq)
  if (frame.type === "room_joined") roomList.joined(frame.room)
  if (frame.type === "room_left") roomList.left(frame.room)
  draw()
}

function refresh() {
  api.rooms().then((all) => {
    roomList.replace(all)
    draw()
  }).catch(() => {
    // What the server rendered is still there.
  })
}

function draw() {
  view.draw(roomList)
  // A room that one has joined elsewhere is no longer on offer.
  for (const offer of document.querySelectorAll('[data-list="public"] > [data-room]')) {
    if (roomList.find(offer.getAttribute("data-room") ?? "")) offer.remove()
  }
}
