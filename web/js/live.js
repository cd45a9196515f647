import { systemClock } from "./clock.js"
import { Connection } from "./connection.js"
import { ConnectionView } from "./connection-view.js"
import { EventStreamReader, PollingReader } from "./event-reader.js"
import { HttpSocket } from "./http-socket.js"
import { goToSignIn, socketAddress } from "./page.js"
import { tabStorage } from "./storage.js"
import { Transports } from "./transports.js"

/**
 * The page's one connection, tied to what the browser knows: the network coming back, the tab being looked at
 * again, the page being left and come back to.
 *
 * @param {object} parts
 * @param {import("./api.js").Api} parts.api
 * @param {(frame: Parley.ServerFrame) => void} parts.onFrame
 * @param {() => void} parts.onOpen after every connect, the first included
 * @param {() => void} [parts.onClosed]
 * @param {() => void} parts.onSignOut
 */
export function openConnection({ api, onFrame, onOpen, onClosed, onSignOut }) {
  const view = new ConnectionView({ onRetry: () => connection.retryNow() })
  const transports = new Transports({
    makers: {
      websocket: () => new WebSocket(socketAddress()),
      stream: () => new HttpSocket({ api, reader: new EventStreamReader(), clock: systemClock }),
      polling: () => new HttpSocket({ api, reader: new PollingReader(api), clock: systemClock }),
    },
    isReachable: () => api.isReachable(),
    storage: tabStorage(),
  })
  const connection = new Connection({
    open: () => transports.open(),
    isSignedOut: () => api.isSignedOut(),
    onFrame,
    onState: (state) => {
      view.show(state, transports.current !== "websocket")
      Object.assign(document.documentElement.dataset, { transport: transports.current, connectionState: state.name })
      if (state.name === "open") onOpen()
      else onClosed?.()
      if (state.name === "signed-out") goToSignIn()
    },
  })

  // A refused connection stays refused; looking at the tab does not change the server's mind.
  const wake = () => connection.state.name !== "stopped" && connection.retryNow()

  addEventListener("online", wake)
  addEventListener("offline", () => connection.state.name === "open" && connection.retryNow())
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake())
  // Signing out ends the socket before the next page is there; that is no reason to ask who one is.
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement && event.target.matches('[action$="/accounts/logout/"]'))) return
    // Without a server nobody is signed out, and what waits to be sent must stay.
    if (connection.state.name === "open") onSignOut()
    connection.stop()
  })
  addEventListener("pagehide", () => connection.stop())
  addEventListener("pageshow", (event) => event.persisted && connection.start())
  connection.start()
  return connection
}
