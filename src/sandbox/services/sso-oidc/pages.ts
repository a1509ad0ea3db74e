/**
 * The pages a person sees in the browser: who signs in, for what, Allow or Deny. Plain HTML, no script, so that a test
 * can read and send them; every value is escaped, and the policy in the header allows nothing but the page itself.
 */
import type { Call, WireResponse } from '../../core/service.ts';
import { accountAccessScope } from '../identity-center/portal-session.ts';
import type { DirectoryUser, PendingAuthorization } from '../identity-center/state.ts';

/** People up to this number are shown as a list to point at; more are a menu. */
const listedPeople = 8;

/** Allow or Deny, for the client that waits. `problem` says what was wrong with the last answer. */
export function consentPage(call: Call, pending: PendingAuthorization, problem?: string): WireResponse {
  const { identityCenter } = call.world;
  const clientName = identityCenter.clients.get(pending.clientId)?.clientName ?? pending.clientId;
  const people = [...identityCenter.users.values()]
    .filter(({ status }) => status === 'ENABLED')
    .sort((a, b) => (a.userName < b.userName ? -1 : 1));
  const code =
    pending.userCode === undefined
      ? ''
      : `<p>Compare this code with the one your terminal shows. If they differ, choose Deny: somebody else started this sign-in.</p>
<p class="code" aria-label="Code: ${escaped([...pending.userCode].join(' '))}">${escaped(pending.userCode)}</p>`;
  const body = `<h1>Sign in to ${escaped(clientName)}</h1>
${problem === undefined ? '' : `<p class="problem" role="alert">${escaped(problem)}</p>`}
${code}
<form method="post" action="${escaped(call.request.path)}">
<input type="hidden" name="authorization_id" value="${escaped(pending.pageId)}">
<input type="hidden" name="form_token" value="${escaped(pending.formToken.reveal())}">
${chooser(people)}
<h2>${escaped(clientName)} will be able to</h2>
<ul>${permissions(pending.scopes)
    .map((line) => `<li>${escaped(line)}</li>`)
    .join('')}</ul>
${pending.redirectUri === undefined ? '' : `<p class="small">Afterwards the browser goes to ${escaped(new URL(pending.redirectUri).host)}.</p>`}
<div class="buttons">
<button type="submit" name="decision" value="allow" class="primary"${people.length === 0 ? ' disabled' : ''}>Allow</button>
<button type="submit" name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>`;
  return page(
    call,
    problem === undefined ? 200 : 400,
    `Sign in to ${clientName}`,
    body,
    formTarget(pending.redirectUri),
  );
}

/** Where a code is typed in, for who opened the address without one. */
export function codePage(call: Call): WireResponse {
  const body = `<h1>Enter your code</h1>
<p>Your terminal shows a code of eight letters.</p>
<form method="get" action="${escaped(call.request.path)}">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" class="code" required autofocus autocomplete="off" autocapitalize="characters"
 spellcheck="false" maxlength="9" pattern="[A-Za-z]{4}-?[A-Za-z]{4}" placeholder="XXXX-XXXX">
<div class="buttons"><button type="submit" class="primary">Continue</button></div>
</form>`;
  return page(call, 200, 'Enter your code', body);
}

export function messagePage(call: Call, status: number, title: string, lines: readonly string[]): WireResponse {
  const body = `<h1>${escaped(title)}</h1>\n${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}`;
  return page(call, status, title, body);
}

/** After a form: the browser asks for the address with GET. */
export function redirect(location: string): WireResponse {
  return {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  };
}

function chooser(people: readonly DirectoryUser[]): string {
  if (people.length === 0) return '<p class="problem" role="alert">The directory has no enabled user.</p>';
  const label = ({ displayName, userName }: DirectoryUser): string =>
    displayName === userName
      ? escaped(userName)
      : `${escaped(displayName)} <span class="small">${escaped(userName)}</span>`;
  if (people.length > listedPeople) {
    const options = people.map(
      ({ userName, displayName }) =>
        `<option value="${escaped(userName)}">${escaped(displayName === userName ? userName : `${displayName} (${userName})`)}</option>`,
    );
    return `<label for="user_name">Sign in as</label>
<select id="user_name" name="user_name" required><option value="">Choose a person</option>${options.join('')}</select>`;
  }
  const choices = people.map(
    (person) =>
      `<label class="choice"><input type="radio" name="user_name" value="${escaped(person.userName)}" required${people.length === 1 ? ' checked' : ''}><span>${label(person)}</span></label>`,
  );
  return `<fieldset><legend>Sign in as</legend>${choices.join('\n')}</fieldset>`;
}

function permissions(scopes: readonly string[]): readonly string[] {
  const accounts = 'see your accounts and roles, and get credentials for them';
  // A client without scopes is of the time before there were any, and gets the same.
  if (scopes.length === 0) return [accounts];
  return scopes.map((scope) => (scope === accountAccessScope ? accounts : scope));
}

/** The redirect after a form counts as its target; a policy can't name an address of IPv6. */
function formTarget(redirectUri: string | undefined): string {
  if (redirectUri === undefined) return '';
  const { origin, protocol } = new URL(redirectUri);
  return origin.includes('[') ? protocol : origin;
}

function page(call: Call, status: number, title: string, body: string, formTarget: string = ''): WireResponse {
  const { startUrl } = call.world.identityCenter;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${formTarget}; frame-ancestors 'none'; base-uri 'none'`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · keyless sandbox</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="banner"><strong>keyless sandbox</strong> An AWS on this machine for rehearsals, in place of ${escaped(startUrl)}. It asks for no password.</p>
${body}
</main>
</body>
</html>
`,
  };
}

const style = `
:root{--ink:#16202b;--soft:#566270;--paper:#f3f5f7;--card:#fff;--line:#c9d1d9;--edge:#7b8794;--accent:#0b5fbd;--on-accent:#fff;--warn:#8a2a0f;--warn-back:#fdeee8;--banner:#e8f0fa}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#a5b1be;--paper:#0f151b;--card:#18212a;--line:#3a4754;--edge:#728090;--accent:#6fb1ff;--on-accent:#0b1420;--warn:#ffc3ad;--warn-back:#3a1d13;--banner:#1c2c3f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:32rem;margin:6vh auto;padding:0 1.5rem 1.5rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow:hidden;overflow-wrap:anywhere}
.banner{margin:0 -1.5rem 1.25rem;padding:.6rem 1.5rem;background:var(--banner);font-size:.875rem}
.banner strong{display:block}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.5rem 0}ul{margin:.25rem 0;padding-left:1.25rem}
.small{font-size:.875rem;color:var(--soft)}
.code{font:600 1.75rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;letter-spacing:.08em}
p.code{margin:.75rem 0 1.25rem;padding:.5rem;text-align:center;border:2px dashed var(--line);border-radius:.5rem;white-space:nowrap}
input.code{width:100%;padding:.4rem .6rem;text-transform:uppercase;color:inherit;background:transparent;border:1px solid var(--edge);border-radius:.5rem}
.problem{padding:.6rem .8rem;border-left:4px solid var(--warn);background:var(--warn-back);color:var(--warn)}
fieldset{border:0;margin:1rem 0 0;padding:0}
legend,label[for]{display:block;padding:0;font-weight:600;margin-bottom:.35rem}
.choice{display:flex;gap:.65rem;align-items:center;min-height:2.75rem;padding:.4rem .75rem;margin-bottom:.4rem;border:1px solid var(--edge);border-radius:.5rem;cursor:pointer}
.choice:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.choice .small{display:block;line-height:1.2}
input[type=radio]{width:1.15rem;height:1.15rem;flex:none;margin:0;accent-color:var(--accent)}
select{width:100%;min-height:2.75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:.5rem;padding:0 .6rem}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button{flex:1 1 9rem;min-height:2.75rem;font:inherit;font-weight:600;border-radius:.5rem;border:1px solid var(--edge);background:transparent;color:inherit;cursor:pointer}
button.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button:disabled{opacity:.5;cursor:not-allowed}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (max-width:36rem){main{margin:0;min-height:100vh;border:0;border-radius:0}}
`.trim();

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
