// Node's ws: what is sent goes to everybody in the room of the address.
const { WebSocketServer } = require("ws")

const rooms = new Map()
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false, backlog: 4096 })
server.on("connection", (socket, request) => {
  const members = rooms.get(request.url) ?? new Set()
  rooms.set(request.url, members.add(socket))
  socket.on("message", (data) => {
    for (const member of members) member.send(data, { binary: false })
  })
  socket.on("close", () => members.delete(socket))
})
server.on("listening", () => console.log("ready"))
