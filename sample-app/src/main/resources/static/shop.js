// Shows the state of the databases, and puts the address of this shop into the commands.
const INTERVAL = 2000;
const base = new URL('.', location.href).href.slice(0, -1);
const pause = document.getElementById('pause');
const summary = document.getElementById('summary');
const announcement = document.getElementById('announcement');
const rows = document.getElementById('databases');
let paused = false;
let failures = 0;

function stateOf(database) {
  if (database.state === 'UP') {
    return database.suspended ? 'SUSPENDED' : database.pool?.exhausted ? 'POOL EXHAUSTED' : 'UP';
  }
  return database.state;
}

function milliseconds(duration) {
  const parts = /^PT(?:(\d+)M)?([\d.]+)S$/.exec(duration ?? '');
  return parts ? ((parts[1] ?? 0) * 60 + Number(parts[2])) * 1000 : null;
}

function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function showPool(cell, pool, name) {
  if (!pool) {
    setText(cell, '–');
    return;
  }
  if (!cell.querySelector('meter')) {
    cell.replaceChildren(document.createElement('meter'), document.createElement('span'));
    cell.firstChild.setAttribute('aria-label', 'Connections of ' + name + ' in use');
  }
  const [meter, text] = cell.children;
  meter.max = pool.maximum;
  meter.value = pool.active;
  setText(text, pool.active + ' of ' + pool.maximum + ' in use' + (pool.waiting ? ', ' + pool.waiting + ' waiting' : ''));
}

// for a replica, and for a database that was added to the configuration
function addRow(database) {
  const primary = document.getElementById('db-' + database.replica?.of);
  const row = rows.firstElementChild.cloneNode(true);
  row.id = 'db-' + database.name;
  row.querySelector('a').textContent = database.name;
  row.querySelector('a').href = 'actuator/databases/' + database.name;
  row.querySelector('small').textContent = primary ? 'replica' : database.server.engine;
  row.querySelector('.state').textContent = '–';
  row.querySelector('.pool').textContent = '–';
  row.lastElementChild.replaceChildren(document.createElement('span'));
  row.lastElementChild.firstChild.className = 'lag';
  rows.insertBefore(row, primary?.nextElementSibling ?? null);
  return row;
}

function showLag(cell, replica) {
  const lag = milliseconds(replica.lag);
  setText(cell, replica.problem ?? 'serves read-only transactions; lag ' + (lag === null ? 'unknown' : lag / 1000 + ' s'));
}

function showReason(cell, outage) {
  let reason = cell.querySelector('.reason');
  if (!outage) {
    reason?.remove();
    return;
  }
  if (!reason) {
    reason = document.createElement('span');
    reason.className = 'reason';
    cell.append(reason);
  }
  setText(reason, 'Since ' + new Date(outage.since).toLocaleTimeString() + ': ' + outage.reason + '.');
}

function showDatabase(database) {
  const row = document.getElementById('db-' + database.name) ?? addRow(database);
  const state = row.querySelector('.state');
  const changed = state.textContent !== stateOf(database) && state.textContent !== '–';
  setText(state, stateOf(database));
  const kind = stateOf(database).split(' ').pop().toLowerCase();
  state.className = 'state ' + kind;
  row.className = kind + (database.replica ? ' replica' : '');
  showReason(row.lastElementChild, database.outage);
  const time = milliseconds(database.responseTime);
  setText(row.querySelector('.response'), database.state === 'UP' && time !== null ? time.toFixed(1) + ' ms' : '–');
  showPool(row.querySelector('.pool'), database.pool, database.name);
  if (database.replica) {
    showLag(row.querySelector('.lag'), database.replica);
  }
  return changed;
}

function summarize(databases) {
  const names = (test) => databases.filter(test).map((database) => database.name).join(', ');
  const down = names((database) => database.state === 'DOWN');
  const suspended = names((database) => database.state === 'UP' && database.suspended);
  const starting = names((database) => database.state === 'STARTING');
  const parts = [down && 'Down: ' + down + '.', suspended && 'Suspended: ' + suspended + '.', starting && 'Starting: ' + starting + '.'];
  const text = parts.filter(Boolean).join(' ');
  const required = databases.some((database) => database.state === 'DOWN' && database.required);
  summary.className = 'banner ' + (required ? 'bad' : text ? 'warn' : 'good');
  const replicas = databases.filter((database) => database.replica).length;
  const plural = (count, noun) => count + ' ' + noun + (count === 1 ? '' : 's');
  return text || plural(databases.length - replicas, 'database') + (replicas ? ' and ' + plural(replicas, 'replica') : '') + ': all are up.';
}

async function refresh() {
  try {
    const response = await fetch(base + '/actuator/databases',
        { headers: { Accept: 'application/json' }, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(10000) });
    const databases = Object.values((await response.json()).databases);
    const changed = databases.map(showDatabase).some(Boolean);
    setText(summary, summarize(databases));
    // a screen reader announces changes of states alone
    if (changed || failures > 1) {
      announcement.textContent = summary.textContent;
    }
    failures = 0;
  }
  catch {
    if (++failures === 2) {
      summary.className = 'banner warn';
      summary.textContent = 'The shop does not answer. The table shows its last answer.';
      announcement.textContent = summary.textContent;
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

// browsers have the clipboard only at https addresses and on localhost
async function copy(command) {
  try {
    await navigator.clipboard.writeText(command.textContent);
    return true;
  }
  catch {
    getSelection().selectAllChildren(command);
    return document.execCommand('copy');
  }
}

function addButton(command) {
  command.textContent = command.textContent.replaceAll('http://localhost:8080', base);
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    button.textContent = await copy(command) ? 'Copied' : 'Press Ctrl+C';
    announcement.textContent = button.textContent;
    setTimeout(() => button.textContent = 'Copy', 2000);
  });
  const frame = document.createElement('div');
  frame.className = 'command';
  command.replaceWith(frame);
  frame.append(command, button);
}

pause.addEventListener('click', () => {
  paused = !paused;
  pause.setAttribute('aria-pressed', paused);
});
pause.hidden = false;
document.querySelectorAll('pre').forEach(addButton);
run();
