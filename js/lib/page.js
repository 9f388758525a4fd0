// What the server says about the page in its head.
export const meta = name => document.querySelector(`meta[name="${name}"]`)?.content ?? ""
export const csrfToken = () => meta("csrf-token")
export const currentUserId = () => meta("current-user-id")
export const timeZone = () => meta("time-zone") || "UTC"

// Says something politely to those who listen rather than look.
export function announce(text) {
  const region = document.getElementById("announcements")
  if (region) region.textContent = text
}

// Shows a line of answer at the top of the page, where flashes stand.
export function flash(text) {
  const line = document.createElement("p")
  line.className = "flash"
  line.dataset.controller = "flash"
  line.setAttribute("role", "alert")
  line.textContent = text
  document.getElementById("flashes")?.replaceChildren(line)
}
