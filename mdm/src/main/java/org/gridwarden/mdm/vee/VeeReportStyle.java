package org.gridwarden.mdm.vee;

/** The report's style sheet; it takes the reader's light or dark. */
final class VeeReportStyle {
  static final String CSS =
      """
      :root{color-scheme:light dark;--ink:#1c2430;--dim:#5d6b7e;--line:#d9dfe7;--page:#f6f8fa;
      --card:#fff;--m:#2563a8;--e:#d97706;--r:#c0262d;--bs:#c0262d22;--be:#d9770622;--bx:#8892a044}
      @media(prefers-color-scheme:dark){:root{--ink:#e6ebf2;--dim:#9aa8ba;--line:#313c4b;
      --page:#12171e;--card:#1a212b;--m:#6ea8e8;--e:#f0a53a;--r:#ff6b6b;--bs:#ff6b6b2a;
      --be:#f0a53a2a;--bx:#8892a04d}}
      body{margin:0;background:var(--page);color:var(--ink);
      font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
      main{max-width:980px;margin:0 auto;padding:28px 20px 60px}
      h1{font-size:26px;margin:0}h2{font-size:19px;margin:34px 0 8px}h3{font-size:16px;margin:0}
      p{margin:4px 0 10px}.sub{color:var(--dim)}
      .tiles{display:flex;flex-wrap:wrap;gap:10px;margin:18px 0}
      .tiles div{background:var(--card);border:1px solid var(--line);border-radius:8px;
      padding:10px 16px;color:var(--dim);font-size:13px}
      .tiles b{display:block;color:var(--ink);font-size:21px;font-variant-numeric:tabular-nums}
      table{border-collapse:collapse;width:100%;background:var(--card);font-size:13.5px;
      border:1px solid var(--line)}
      th,td{text-align:left;padding:5px 10px;border-bottom:1px solid var(--line);
      vertical-align:top}th{color:var(--dim);font-weight:600}
      .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      section{background:var(--card);border:1px solid var(--line);border-radius:8px;
      padding:14px 16px;margin:14px 0;overflow-x:auto}section table{border:0}
      svg{width:100%;height:auto;display:block;margin:8px 0}
      svg text{font-size:11px;fill:var(--dim)}.g{stroke:var(--line);stroke-width:1}
      path{fill:none;stroke-width:1.5}path.m{stroke:var(--m)}path.e{stroke:var(--e);stroke-width:2}
      circle.r{fill:none;stroke:var(--r);stroke-width:2}
      .b-suspect{fill:var(--bs)}.b-estimated{fill:var(--be)}.b-missing{fill:var(--bx)}
      .key{color:var(--dim);font-size:13px}.k{display:inline-block;width:18px;height:0;
      border-top:3px solid var(--m);margin:0 5px 3px 12px}.k.e{border-color:var(--e)}
      .k.r{width:7px;height:7px;border:2px solid var(--r);border-radius:9px;margin-bottom:-1px}
      .k.s{height:11px;border:0;background:var(--bs);margin-bottom:-1px}
      .k.x{height:11px;border:0;background:var(--bx);margin-bottom:-1px}
      """;

  private VeeReportStyle() {}
}
