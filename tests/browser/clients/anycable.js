// @anycable/web with @anycable/turbo-stream in the place of @hotwired/turbo-rails.
import "@hotwired/turbo"
import { start } from "@anycable/turbo-stream"
import { createCable } from "@anycable/web"

start(createCable({ protocol: "actioncable-v1-ext-json" }))

// The page's own watch over Action Cable's connection has nothing to watch.
export const cable = { getConsumer: () => new Promise(() => {}) }
