/** The look of the rehearsal report, light and dark. */
export const rehearseCss = `
:root{--bg:#fff;--fg:#1a2230;--dim:#5b6779;--line:#dde3ec;--panel:#f6f8fb;--green:#0b7a4b;--green-bg:#dff5ea;--red:#b3261e;--red-bg:#fde7e5;--amber:#8a5a00;--amber-bg:#fff1d6;--blue:#1f4fbf;--code:#101826;--code-fg:#dfe7f5}
@media (prefers-color-scheme:dark){:root{--bg:#0f141c;--fg:#e6ebf3;--dim:#98a4b8;--line:#2a3445;--panel:#171e29;--green:#5fd39f;--green-bg:#12382a;--red:#ff8f86;--red-bg:#451b19;--amber:#f0c067;--amber-bg:#3c2f12;--blue:#8fb3ff;--code:#080c12;--code-fg:#d3dcec}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1180px;margin:0 auto;padding:0 28px}
header{padding-top:30px}
a{color:inherit}
small,.tool,.legend,.time{color:var(--dim)}
.tool{margin:0}
h1{margin:.1em 0 .5em;font-size:30px;letter-spacing:-.01em}
h2{font-size:19px;margin:0 0 6px;display:flex;align-items:center;gap:10px;flex-wrap:wrap}
h3{font-size:14px;margin:18px 0 4px}
.verdict{display:flex;gap:18px;align-items:center;border-radius:12px;padding:16px 22px;border:1px solid}
.verdict b{font-size:26px;line-height:1;white-space:nowrap}.verdict p{margin:0;font-size:16px}
.verdict.green{background:var(--green-bg);border-color:var(--green)}.verdict.green b{color:var(--green)}
.verdict.red{background:var(--red-bg);border-color:var(--red)}.verdict.red b{color:var(--red)}
.red-list{margin:14px 0 0;padding-left:20px}.red-list li{margin:8px 0}
.fix{color:var(--blue)}
.track{list-style:none;display:flex;margin:30px 0 26px;padding:0}
.track li{flex:1;position:relative;text-align:center;font-size:12.5px;line-height:1.35;padding:0 4px}
.track li+li::before{content:"";position:absolute;top:15px;left:-50%;width:100%;border-top:3px solid var(--line);z-index:0}
.track li.green+li.green::before{border-color:var(--green)}
.track a{text-decoration:none;display:block;position:relative;z-index:1}
.dot{display:block;width:32px;height:32px;line-height:28px;margin:0 auto 8px;border-radius:50%;border:2px solid var(--line);background:var(--bg);font-weight:700;font-size:15px}
.green>a>.dot{background:var(--green);border-color:var(--green);color:var(--bg)}.red>a>.dot{background:var(--red);border-color:var(--red);color:var(--bg)}.skipped>a>.dot{border-color:var(--amber);color:var(--amber)}
.figures{display:flex;align-items:stretch;flex-wrap:wrap;gap:10px;margin:0}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--panel);border:1px solid var(--line);border-radius:9px;padding:9px 15px;flex:1 1 130px}
.figures dt{color:var(--dim);font-size:12.5px}.figures dd{margin:0;font-size:22px;font-weight:650;white-space:nowrap}.figures .bad dd{color:var(--red)}
section{margin:34px 0 0;padding:20px 24px;border:1px solid var(--line);border-radius:12px;border-left:5px solid var(--line)}
section.green{border-left-color:var(--green)}section.red{border-left-color:var(--red)}section.skipped{border-left-color:var(--amber)}
.number{width:28px;height:28px;line-height:28px;text-align:center;border-radius:50%;background:var(--panel);border:1px solid var(--line);font-size:14px}
.badge{font-size:12px;font-weight:600;border-radius:99px;padding:1px 10px}
.badge.green{background:var(--green-bg);color:var(--green)}.badge.red{background:var(--red-bg);color:var(--red)}.badge.skipped{background:var(--amber-bg);color:var(--amber)}
.summary{margin:4px 0 8px;font-size:15.5px}
.clients{margin:0 0 12px;font-size:12.5px}.clients span{display:inline-block;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:1px 8px;margin-right:6px}.clients .time{background:none;border:0}
.check{padding:5px 0;border-bottom:1px solid var(--line)}.check:last-child{border-bottom:0}.check p{margin:0}.check p.head{display:flex;gap:8px;align-items:baseline}.check .said{flex:1;min-width:0}.check p,.red-list li{overflow-wrap:anywhere}
.check i{font-style:normal;display:inline-block;width:20px;font-weight:700}.check.green i{color:var(--green)}.check.red i{color:var(--red)}.check.skipped i{color:var(--amber)}
.check b{font-weight:600}.check .cause,.check .fix,.check>details{margin-left:20px}
.check small{white-space:nowrap}
summary{cursor:pointer;color:var(--dim);font-size:13px}
.greens,.notes{margin-top:8px}.notes ul{margin:6px 0;padding-left:20px;font-size:13.5px}
pre{margin:8px 0;padding:12px 14px;border-radius:8px;background:var(--code);color:var(--code-fg);font:12.5px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
pre .env{color:#8fb3ff}pre .exit{color:#f0c067}
code{font:12.5px ui-monospace,monospace;overflow-wrap:anywhere}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;margin:10px 0}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;vertical-align:top;padding:6px 11px;border-bottom:1px solid var(--line)}
thead th{background:var(--panel);font-weight:600;vertical-align:bottom}
tbody:last-child tr:last-child td{border-bottom:0}
.matrix td{padding:4px 11px;white-space:nowrap}
.matrix .account{text-align:center;border-left:1px solid var(--line)}
.matrix .role{font-weight:500;font-size:12px;padding:8px 4px;text-align:center}.matrix .role span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}.matrix td.cell{padding:3px 5px;text-align:center}.matrix tbody td{vertical-align:middle}
.matrix .group td{background:var(--panel);font-weight:600;font-size:12.5px;color:var(--dim)}
td.cell{text-align:center}
.cell>span{display:inline-block;width:24px;height:24px;line-height:24px;border-radius:6px;text-align:center;font-weight:700;font-size:13px}
.cell .yes{background:var(--green-bg);color:var(--green)}.cell .no{background:none;box-shadow:inset 0 0 0 1px var(--line)}.cell .wrong{background:var(--red);color:var(--bg)}.cell .missing{background:var(--amber-bg);color:var(--amber)}
.cell .asked{box-shadow:inset 0 0 0 2px currentColor}
.legend{font-size:12.5px;margin:6px 0 12px}.legend .cell{margin-left:12px}.legend .cell>span{width:20px;height:20px;line-height:20px;vertical-align:middle}
.figures-table{width:auto;min-width:60%;margin:6px 0 14px}.figures-table th{font-weight:500}.figures-table td,.figures-table th{border:0;padding:4px 12px 4px 0}
.bars{width:280px}.bar{display:block;height:7px;border-radius:4px;margin:3px 0}.bar.was{background:var(--red)}.bar.is{background:var(--green)}
.count{white-space:nowrap;font-variant-numeric:tabular-nums}
.who{font-size:12px;border-radius:99px;padding:1px 9px;font-weight:600;white-space:nowrap}.who.person,.who.workflow{background:var(--green-bg);color:var(--green)}.who.shared-key{background:var(--amber-bg);color:var(--amber)}.who.unknown{background:var(--red-bg);color:var(--red)}
main{padding-bottom:60px}
@media (max-width:760px){.track{flex-direction:column;gap:10px}.track li{text-align:left}.track li::before{display:none}.dot{display:inline-block;margin:0 10px 0 0;text-align:center}.check p.head{display:block}.check small{display:block;margin-left:20px;white-space:normal}}
@media print{section{break-inside:avoid}details:not([open])>*:not(summary){display:block}}
`;
