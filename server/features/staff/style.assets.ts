/** Served under /staff/ by the policy of the front door: nothing inline, nothing from elsewhere. */
export const STYLE = `
:root { --back: #f5f6f8; --card: #fff; --text: #1a1c20; --soft: #60656e; --line: #e3e5e9; --accent: #2f6bd8; --on-accent: #fff; --warn: #9a4b00; --warn-back: #fff4e5 }
@media (prefers-color-scheme: dark) { :root { --back: #16181c; --card: #212429; --text: #eceef1; --soft: #a2a8b2; --line: #363a41; --accent: #78a5f7; --on-accent: #10203c; --warn: #ffc98a; --warn-back: #3a2b16 } }
* { box-sizing: border-box }
html { scroll-padding: 16px 0 calc(104px + env(safe-area-inset-bottom)) }
[hidden] { display: none !important }
body { margin: 0 auto; max-width: 640px; padding: 0 16px calc(104px + env(safe-area-inset-bottom)); background: var(--back); color: var(--text);
  font: 16px/1.5 -apple-system, "PingFang SC", "Noto Sans SC", "Microsoft YaHei", sans-serif; -webkit-text-size-adjust: 100%; text-wrap: pretty }
header { display: flex; align-items: center; justify-content: space-between; gap: 16px; padding-top: 12px }
header p { display: flex; align-items: center; min-width: 0; margin: 0; color: var(--soft); font-size: 14px }
header span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
header h1, header button { flex: none }
h1 { margin: 8px 0; font-size: 22px }
h2 { margin: 20px 0 8px; font-size: 16px }
.count { color: var(--soft); font-weight: normal }
ul { list-style: none; margin: 0; padding: 0 }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; margin-bottom: 12px }
.card:focus, .gone:focus { outline: none }
.card.lit { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent) }
.gone { margin: 12px 0 0; padding: 12px 16px; border-radius: 12px; background: var(--card); border: 1px solid var(--accent) }
.who { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 12px }
.who h3, .who .phone { margin: 0; color: inherit; font-size: 20px; font-weight: 700; overflow-wrap: anywhere; font-variant-numeric: tabular-nums }
.who .name, .facts, .copied, .hint, .empty { color: var(--soft); font-size: 14px }
.order, .facts, .next, .copied { margin: 4px 0 0; overflow-wrap: anywhere }
.next { font-weight: 600 }
.copied { padding: 6px 12px; border-radius: 8px; background: var(--back); margin-top: 8px }
.copied .me { color: var(--text) }
.who .mine { align-self: center; margin-right: auto; padding: 0 8px; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-size: 13px; font-style: normal }
.hint { margin: 4px 0 8px }
.card .hint { margin-bottom: 0 }
.warning { margin: 8px 0 0; padding: 8px 12px; border-radius: 8px; background: var(--warn-back); color: var(--warn); font-size: 14px }
.empty { padding: 32px 16px; text-align: center; background: var(--card); border: 1px dashed var(--line); border-radius: 12px; margin: 0 }
button, .first { font: inherit; min-height: 48px; border-radius: 12px; border: 0; padding: 0 16px; width: 100%; cursor: pointer; -webkit-tap-highlight-color: transparent }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
button:disabled { opacity: .6 }
.first { background: var(--accent); color: var(--on-accent); font-weight: 600 }
.second { margin-top: 12px; background: transparent; color: var(--accent); border: 1px solid var(--accent); font-weight: 600 }
.plain { width: auto; margin-right: -8px; background: transparent; color: var(--soft); padding: 0 8px; text-decoration: underline }
a.first { display: flex; align-items: center; justify-content: center; text-decoration: none }
footer { position: fixed; left: 0; right: 0; bottom: 0; padding: 12px 16px calc(12px + env(safe-area-inset-bottom)); background: var(--back); border-top: 1px solid var(--line) }
footer button { display: block; max-width: 608px; margin: 0 auto }
.how { position: fixed; border: 2px solid var(--accent); left: 16px; right: 16px; bottom: calc(88px + env(safe-area-inset-bottom)); max-width: 608px; max-height: calc(100vh - 104px - env(safe-area-inset-bottom)); overflow-y: auto; margin: 0 auto; box-shadow: 0 8px 40px rgba(0, 0, 0, .35) }
.how:focus { outline: none }
.how h2 { margin-top: 0 }
.how ol { margin: 0; padding-left: 22px }
#toast:empty { opacity: 0; padding: 0 }
#toast { position: fixed; left: 16px; right: 16px; bottom: calc(96px + env(safe-area-inset-bottom)); width: fit-content; margin: 0 auto; padding: 10px 18px; border-radius: 20px; background: var(--text); color: var(--back); font-size: 15px }
.message .card { margin-top: 12px; padding: 24px 16px }
.message h2 { margin: 0; font-size: 20px }
.message p { color: var(--soft); margin: 8px 0 20px }
.message p:last-child { margin-bottom: 0 }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
main:focus { outline: none }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0 }
legend { padding: 0 }
legend h3 { margin: 0; font-size: 20px }
.asks legend h3 { font-size: inherit; font-weight: 600 }
legend b { font-size: 20px; font-variant-numeric: tabular-nums; white-space: nowrap }
h4 { margin: 12px 0 4px; color: var(--soft); font-size: 14px; font-weight: normal }
dl { margin: 0 }
dl div { display: flex; gap: 12px }
dt { flex: none; width: 4.5em; color: var(--soft) }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
.orders li { padding: 8px 0; border-top: 1px solid var(--line) }
.orders label { display: flex; gap: 12px; min-height: 48px; cursor: pointer }
.orders span { min-width: 0; overflow-wrap: anywhere }
.part { display: inline-block; max-width: 100%; margin-right: 6px }
.dot::before { content: "· " }
.orders small { display: block; color: var(--soft); font-size: 14px }
input[type=checkbox] { flex: none; width: 24px; height: 24px; margin: 0; accent-color: var(--accent) }
.since { margin: 8px 0 0; padding-top: 12px; border-top: 1px solid var(--line) }
.since label { display: block }
input[type=date] { font: inherit; width: 100%; min-height: 48px; margin-top: 4px; padding: 0 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--back); color: inherit }
input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.answered { margin: 12px 0 0; padding: 8px 12px; border-radius: 8px; background: var(--back) }
.answered [data-left] { font-variant-numeric: tabular-nums; font-weight: 600 }
.phone { user-select: all; -webkit-user-select: all }
.phone span { color: inherit; font-size: inherit }
.phone span + span { margin-left: .3em }
nav { display: flex; gap: 8px; margin-bottom: 4px }
nav a { flex: 1; display: flex; align-items: center; justify-content: center; min-height: 48px; border-bottom: 3px solid transparent; color: var(--soft); text-decoration: none }
nav a[aria-current] { border-color: var(--accent); color: var(--text); font-weight: 600 }
.card > h3 { margin: 0; font-size: 16px; overflow-wrap: anywhere }
.moves { display: flex; flex-wrap: wrap; gap: 0 12px }
.moves button { flex: 1 1 9em }
summary { display: flex; align-items: center; min-height: 48px; margin-top: 4px; color: var(--soft); cursor: pointer; -webkit-tap-highlight-color: transparent }
summary::after { content: "修改"; margin-left: auto; color: var(--accent); font-weight: 600 }
details[open] summary::after { content: "收起" }
summary:focus-visible, select:focus-visible, textarea:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 8px }
form label { display: block; margin-top: 8px; color: var(--soft); font-size: 14px }
select, textarea { font: inherit; width: 100%; min-height: 48px; margin-top: 4px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--back); color: inherit }
textarea { resize: vertical }
`
