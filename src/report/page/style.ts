/** The hues of series after Okabe and Ito, darker on white and lighter on black so that each stands out from its ground by 3 : 1. */
const LIGHT = '--paper:#fff;--ink:#1c2127;--muted:#5c6670;--grid:#e1e4e8;--soft:#f5f6f8;--link:#0b5394;--good:#116b3c;--bad:#a8261b;--warn:#8a5300;--calm:#4d5761;--s1:#0072b2;--s2:#c65102;--s3:#00795c;--s4:#a23b72;--s5:#8a6d00;--s6:#3b6ea8;--s7:#6b4ca0;--s8:#555d66;--heat:0,114,178';
const DARK = '--paper:#14171a;--ink:#e6e9ec;--muted:#9aa5b0;--grid:#31373d;--soft:#1d2125;--link:#7fbcf0;--good:#6cc795;--bad:#ff8f80;--warn:#f0b14a;--calm:#a9b4bf;--s1:#56b4e9;--s2:#f0975a;--s3:#3fc49f;--s4:#dd8fb8;--s5:#e0c65a;--s6:#8fb4e8;--s7:#b79ce8;--s8:#b4bcc4;--heat:86,180,233';

/** The one style sheet of all pages. No fonts, pictures or rules from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
header,main,footer,nav{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1.75rem;color:var(--muted);font-size:.875rem;display:flex;flex-wrap:wrap;gap:.1rem 1rem;justify-content:space-between}
header p{margin:0}
.skip{position:absolute;left:-999rem;top:0;background:var(--paper);color:var(--link);padding:.75rem 1rem;z-index:1}
.skip:focus{left:0}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
h1{font-size:clamp(1.7rem,1.3rem + 1.7vw,2.4rem);line-height:1.15;letter-spacing:-.015em;font-weight:650;margin:.5rem 0 .75rem;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.25;letter-spacing:-.01em;font-weight:650;margin:3.25rem 0 .5rem}
h3{font-size:1rem;font-weight:600;margin:1.75rem 0 .35rem}
p{margin:.5rem 0 .9rem;max-width:44rem}
.lead{font-size:1.1rem}
.note,figcaption,caption,.quiet{color:var(--muted);font-size:.875rem}
main nav{padding:0;margin-top:1.75rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;padding:.7rem 0;margin:0;border-block:1px solid var(--grid);font-size:.875rem}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.calm{color:var(--calm)}
.mark{font-weight:650;white-space:nowrap}
.sign{display:inline-block;min-width:1.1em}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,9.25rem),1fr));gap:1.1rem 1.75rem;margin:1.5rem 0 0}
.facts div{min-width:0;border-top:1px solid var(--grid);padding-top:.5rem}
dt{color:var(--muted);font-size:.8125rem}
dd{margin:.05rem 0 0;overflow-wrap:anywhere}
dd strong{font-size:1.5rem;line-height:1.25;font-weight:600;letter-spacing:-.01em;display:block}
dd .quiet{display:block}
.scroll{overflow-x:auto;max-width:100%;margin:.5rem 0 1rem}
table{border-collapse:collapse;font-size:.875rem;line-height:1.4}
caption{text-align:left;position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.38rem 1.4rem .38rem 0;border-bottom:1px solid var(--grid);font-weight:400}
tr>:last-child{padding-right:.25rem}
thead th{color:var(--muted);font-size:.8125rem;vertical-align:bottom;white-space:nowrap}
tbody th{min-width:6rem}
.n{text-align:right;white-space:nowrap}
td .said{display:block;min-width:16rem;max-width:34rem;color:var(--muted);overflow-wrap:anywhere}
.whole{white-space:nowrap}
.range{color:var(--muted);font-size:.8125rem;margin-left:.45em}
.strong{font-weight:600}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.8125rem}
code{overflow-wrap:anywhere}p code{white-space:nowrap}
pre{margin:.5rem 0 1rem;padding:.85rem 1rem;background:var(--soft);overflow-x:auto;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere;border-radius:4px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:2rem 3rem;align-items:start}
figure{margin:0;min-width:0;max-width:34rem}
figure.wide{max-width:none;margin-bottom:2rem}
figure h3{margin-top:.9rem}
figure svg{display:block;width:100%;height:auto;font-family:inherit}
figure.wide svg{min-width:40rem}
figcaption{margin:.5rem 0 .4rem;line-height:1.45}
details{margin:.25rem 0 1rem}
summary{cursor:pointer;color:var(--link);font-size:.875rem;padding:.2rem 0;width:fit-content}
details .scroll{max-height:22rem;overflow:auto}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.heat td{text-align:right;background:rgba(var(--heat),calc(var(--w)*.42));padding:.5rem .7rem;border:2px solid var(--paper);min-width:4rem}
.heat th{padding-right:.7rem}
.heat thead th+th{text-align:right}.heat tbody th{vertical-align:middle}.heat th{border-bottom-color:transparent}
.heat td.quiet{vertical-align:middle}.heat span.quiet{display:block;font-size:.75rem;color:inherit;opacity:.85}
.part{min-width:9rem}
.part i{display:block;height:.5rem;margin-top:.42rem;background:var(--s1);width:calc(var(--w)*100%);min-width:1px;border-radius:1px}
footer{padding-block:3rem 2.5rem;color:var(--muted);font-size:.8125rem}
@media (max-width:30rem){body{font-size:15px}h2{margin-top:2.5rem}th,td{padding-right:.95rem}}
@media print{
@page{margin:16mm 14mm}
html{font-size:12.5px}body{font-size:1rem}header,main,footer{max-width:none;padding-inline:0}nav,.skip,details{display:none}
h1{font-size:2rem}h2{margin-top:1.6rem;break-after:avoid}h3{break-after:avoid}
figure,tr,.facts div{break-inside:avoid}.figures{grid-template-columns:1fr 1fr;gap:1rem 1.5rem}
.scroll{overflow:visible}figure.wide svg{min-width:0}a{color:inherit;text-decoration:none}
.heat td,.part i{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}`;
