// Updates the page every 2 s: fetches the same address and changes what differs, so that focus and selection stay.
const INTERVAL = 2000;
const button = document.getElementById('pause');
const message = document.getElementById('status');
let paused = false;
let failures = 0;

function states(root) {
  return [...root.querySelectorAll('.state')].map((state) => state.closest('[id]').id + state.textContent).join();
}

function update(old, fresh) {
  if (old.isEqualNode(fresh)) {
    return;
  }
  if (old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    old.data = fresh.data;
    return;
  }
  for (const name of old.getAttributeNames()) {
    if (!fresh.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const name of fresh.getAttributeNames()) {
    if (old.getAttribute(name) !== fresh.getAttribute(name)) {
      old.setAttribute(name, fresh.getAttribute(name));
    }
  }
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, i) => i < before.length ? update(before[i], node) : old.append(node));
  before.slice(after.length).forEach((node) => node.remove());
}

function fillAddress(root) {
  root.querySelectorAll('.address').forEach((address) => address.textContent = location.origin + location.pathname);
}

function say(text, isVisibleElsewhere) {
  message.classList.toggle('announcement', isVisibleElsewhere);
  message.textContent = text;
}

function show(next) {
  const main = document.querySelector('main');
  const fresh = next.querySelector('main');
  if (!fresh) {
    throw new Error('not the page');
  }
  fillAddress(fresh);
  const changed = states(main) !== states(fresh);
  update(main, fresh);
  document.title = next.title;
  // a screen reader announces changes of states alone; everybody else sees them
  if (changed || failures > 1) {
    say(document.getElementById('summary')?.textContent ?? '', true);
  }
}

async function refresh() {
  try {
    const response = await fetch(location.href,
        { headers: { Accept: 'text/html' }, cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(10000) });
    if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
      throw new Error('You are no longer logged in: reload the page. What is shown is old.');
    }
    // the page of an unknown name is a page
    if (!response.ok && response.status !== 404) {
      throw new Error('The application answers with ' + response.status + '. What is shown is old.');
    }
    show(new DOMParser().parseFromString(await response.text(), 'text/html'));
    failures = 0;
  }
  catch (failure) {
    // the message of a browser would not help
    const text = failure.constructor === Error ? failure.message : 'The application does not answer. What is shown is old.';
    if (++failures === 2) {
      say(text, false);
    }
  }
  document.body.classList.toggle('stale', failures > 1);
}

async function run() {
  if (!paused && !document.hidden) {
    await refresh();
  }
  setTimeout(run, INTERVAL);
}

button.addEventListener('click', () => {
  paused = !paused;
  button.setAttribute('aria-pressed', paused);
  say(paused ? 'Paused' : '', false);
});
button.hidden = false;
fillAddress(document);
setTimeout(run, INTERVAL);
