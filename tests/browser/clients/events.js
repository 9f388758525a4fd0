// Turbo alone, whose <turbo-stream-source> follows server-sent events: the browser comes back by itself.
import "@hotwired/turbo"

// The page's own watch over Action Cable's connection has nothing to watch.
export const cable = { getConsumer: () => new Promise(() => {}) }
