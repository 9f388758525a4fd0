// Starts Turbo, the socket's watch and the controllers of the pages.
import "@hotwired/turbo-rails"
import "./lib/late_fragments.js"
import { Application } from "@hotwired/stimulus"
import CopyController from "./controllers/copy_controller.js"
import DragController from "./controllers/drag_controller.js"
import FeedController from "./controllers/feed_controller.js"
import FlashController from "./controllers/flash_controller.js"
import HotkeyController from "./controllers/hotkey_controller.js"
import KeyboardMoveController from "./controllers/keyboard_move_controller.js"
import LiveStatusController from "./controllers/live_status_controller.js"
import MenuController from "./controllers/menu_controller.js"
import OlderController from "./controllers/older_controller.js"
import OwnController from "./controllers/own_controller.js"
import QuickAddController from "./controllers/quick_add_controller.js"
import RefreshController from "./controllers/refresh_controller.js"
import SeenController from "./controllers/seen_controller.js"
import SubmitController from "./controllers/submit_controller.js"
import TimeController from "./controllers/time_controller.js"
import TimeTravelController from "./controllers/time_travel_controller.js"
import TokenController from "./controllers/token_controller.js"
import TrackingController from "./controllers/tracking_controller.js"
import UnreadController from "./controllers/unread_controller.js"
import { watchConnection } from "./lib/connection.js"
import "./lib/morphing.js"
import "./lib/reloading.js"
import "./lib/unreachable.js"

const controllers = {
  "copy": CopyController,
  "drag": DragController,
  "feed": FeedController,
  "flash": FlashController,
  "hotkey": HotkeyController,
  "keyboard-move": KeyboardMoveController,
  "live-status": LiveStatusController,
  "menu": MenuController,
  "older": OlderController,
  "own": OwnController,
  "quick-add": QuickAddController,
  "refresh": RefreshController,
  "seen": SeenController,
  "submit": SubmitController,
  "time": TimeController,
  "time-travel": TimeTravelController,
  "token": TokenController,
  "tracking": TrackingController,
  "unread": UnreadController,
}

const application = Application.start()
for (const [name, controller] of Object.entries(controllers)) application.register(name, controller)

// A page without a stream opens no socket; once one has appeared there is one to watch.
customElements.whenDefined("turbo-cable-stream-source").then(watchWhenStreaming)

function watchWhenStreaming() {
  if (document.querySelector("turbo-cable-stream-source")) watchConnection()
  else document.addEventListener("turbo:load", watchWhenStreaming, { once: true })
}
