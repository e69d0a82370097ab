// Keeps the videos of a pair together, and answers by keys. The page works without it: then each
// video loops by itself.
"use strict";

const videos = [...document.querySelectorAll("video")];
const form = document.querySelector("form");
const buttons = [...form.querySelectorAll("button")];
const pause = document.getElementById("pause");
const said = document.getElementById("said");
const APART = 0.1; // seconds that videos may drift apart before one is moved
let running = false;
let answered = false;

function enable(on) {
  for (const button of buttons) button.disabled = !on;
}

function play() {
  running = true;
  pause.textContent = "Pause";
  for (const video of videos) {
    if (video.ended) continue;
    video.play().catch(() => { // a browser that lets nothing play by itself
      running = false;
      pause.textContent = "Play";
    });
  }
}

function halt() {
  running = false;
  pause.textContent = "Play";
  for (const video of videos) video.pause();
}

function again() { // all begin anew when the longest has ended
  if (!videos.every((video) => video.ended)) return;
  for (const video of videos) video.currentTime = 0;
  play();
}

function together() {
  if (!running) return;
  const clock = videos.find((video) => !video.ended);
  if (!clock) return;
  for (const video of videos) {
    const apart = Math.abs(video.currentTime - clock.currentTime);
    if (video !== clock && !video.ended && !video.seeking && apart > APART) {
      video.currentTime = Math.min(clock.currentTime, video.duration);
    }
  }
}

function ready() {
  if (!videos.every((video) => video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA)) return;
  for (const video of videos) video.removeEventListener("canplay", ready);
  for (const video of videos) video.currentTime = 0;
  said.textContent = "";
  pause.hidden = false;
  enable(true);
  play();
  setInterval(together, 250);
}

function broken() {
  enable(false);
  said.textContent = "A video cannot be played in this browser. Please tell who invited you, " +
    "or open this link in another browser.";
}

enable(false);
said.textContent = "The videos are loading …";
for (const video of videos) {
  video.loop = false;
  video.autoplay = false;
  video.pause();
  video.addEventListener("canplay", ready);
  video.addEventListener("ended", again);
  video.addEventListener("error", broken);
  if (video.error) broken();
}
ready();

pause.addEventListener("click", () => (running ? halt() : play()));

form.addEventListener("submit", (event) => {
  if (answered) event.preventDefault();
  answered = true;
});

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = buttons.find((one) => one.dataset.key === event.key);
  if (button && !button.disabled) {
    event.preventDefault();
    button.click();
  }
});

window.addEventListener("pageshow", (event) => { // the back button shows a page that was answered
  if (event.persisted) window.location.reload();
});
