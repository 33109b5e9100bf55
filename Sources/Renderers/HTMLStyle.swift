/// Look and behaviour of the HTML report.
enum HTMLStyle {
  static let css = """
    :root{color-scheme:light dark;--line:#8884;--dim:#777;--add:#2e9e4f;--change:#b98900;--drop:#d13c3c;--box:#8881}
    body{font:15px/1.45 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem}
    h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .6rem}
    td.error,td.warning,td.note{white-space:nowrap}.dim{color:var(--dim)}.error{color:var(--drop);font-weight:600}.warning{color:var(--change)}.note{color:var(--dim)}
    table{border-collapse:collapse;width:100%}td{padding:.3rem .6rem .3rem 0;vertical-align:top;
    border-bottom:1px solid var(--line);overflow-wrap:anywhere}
    .tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}.tile{background:var(--box);border-radius:.5rem;
    padding:.5rem .9rem;min-width:6rem}.tile b{display:block;font-size:1.5rem}
    .tile.create b,.sign.create,ins{color:var(--add)}.tile.update b,.sign.update{color:var(--change)}
    .tile.delete b,.sign.delete,del{color:var(--drop)}ins,del{text-decoration:none}
    .nodes{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:.8rem}
    .node{background:var(--box);border-radius:.5rem;padding:.7rem .9rem}.node.pending{outline:2px solid var(--drop)}
    .bar{display:grid;grid-template-columns:4rem 1fr 5.5rem;gap:.5rem;align-items:center;font-size:.85rem}
    .track{position:relative;background:#8883;border-radius:4px;height:.6rem;overflow:hidden}
    .fill{background:var(--add);height:100%}.fill.high{background:var(--change)}.fill.full{background:var(--drop)}
    .mark{position:absolute;top:0;width:2px;height:100%;background:currentColor;opacity:.5}
    .pods{display:flex;flex-wrap:wrap;gap:3px;margin-top:.4rem}.pods i{width:11px;height:11px;border-radius:2px}
    i.create{background:var(--add)}i.delete{background:none;outline:1.5px solid var(--drop);outline-offset:-1px}
    #search{width:100%;box-sizing:border-box;padding:.5rem .7rem;font:inherit;margin-bottom:.6rem}
    .change{border-bottom:1px solid var(--line);padding:.35rem 0}summary{cursor:pointer}
    .sign{display:inline-block;width:2rem;font-weight:700;font-family:ui-monospace,monospace}
    .place{float:right;color:var(--dim);font-size:.85rem}.fields td:first-child{font-family:ui-monospace,monospace;
    font-size:.85rem}.timeline td{border:0;padding:.1rem .8rem .1rem 0;font-size:.9rem}.timeline .track{width:220px;
    display:inline-block;margin-right:.5rem}
    """

  static let script = """
    const box=document.getElementById('search');
    if(box)box.addEventListener('input',()=>{const words=box.value.toLowerCase().split(/\\s+/);
    document.querySelectorAll('.change').forEach(c=>{const t=c.textContent.toLowerCase();
    c.hidden=!words.every(w=>t.includes(w))})});
    """
}
