package org.gridwarden.mdm.billsheet;

import java.util.Locale;
import java.util.Map;
import org.gridwarden.mdm.billing.BillPage;
import org.gridwarden.mdm.proof.BillPart;
import org.gridwarden.mdm.proof.Line;
import org.gridwarden.mdm.proof.Month;

/** A bill as one page of HTML that needs nothing else: to read on a screen and to print. */
public final class SheetPage {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 150;
  private static final int LEFT = 44;

  private static final String STYLE =
      """
      :root{--ink:#1b2430;--soft:#5b6776;--line:#dde3ea;--used:#1f6feb;--guess:#a9c7f5}
      body{font:14px/1.5 system-ui,sans-serif;color:var(--ink);max-width:46rem;margin:2rem auto;\
      padding:0 1rem}
      h1{font-size:1.4rem;margin:0 0 .3rem}h2{font-size:1rem;margin:1.6rem 0 .3rem}
      header{display:flex;flex-wrap:wrap;gap:2rem;justify-content:space-between;margin:1.5rem 0}
      address{font-style:normal;white-space:pre-line}
      dl{display:grid;grid-template-columns:auto auto;gap:.1rem 1rem;margin:0}
      dt{color:var(--soft)}dd{margin:0}
      .soft{color:var(--soft)}.due{font-size:1.8rem;font-weight:600}
      .note{background:#fff4d6;padding:.5rem .8rem;border-radius:4px}
      .proof{border:1px solid var(--line);border-radius:6px;padding:.6rem 1rem;margin-top:1.6rem}
      code{font-size:.85em;overflow-wrap:anywhere}
      table{border-collapse:collapse;width:100%}th{font-weight:500;color:var(--soft)}
      th,td{text-align:right;padding:.25rem .5rem;border-bottom:1px solid var(--line);\
      font-variant-numeric:tabular-nums}
      th:nth-child(3),td:nth-child(3){text-align:left;padding-left:0}
      tr.total td:nth-child(3){text-align:right}
      th:first-child,td:first-child{text-align:left;padding-left:0}
      tr.total td{font-weight:600;border-bottom:2px solid var(--ink)}
      svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
      @media print{body{margin:0}}
      """;

  private SheetPage() {}

  /** Draws it. */
  public static String of(BillSheet sheet) {
    StringBuilder page = new StringBuilder(16_384);
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(text(sheet.title()))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(text(sheet.title()))
        .append("</h1>");
    sheet
        .standing()
        .ifPresent(s -> page.append("<p class=\"note\">").append(text(s)).append("</p>"));
    page.append("<header><address>");
    sheet
        .addressee()
        .ifPresent(a -> {
          page.append(text(a.name()));
          a.address().forEach(line -> page.append('\n').append(text(line)));
        });
    page.append("</address><dl>");
    for (Map.Entry<String, String> entry : sheet.head()) {
      page.append("<dt>")
          .append(text(entry.getKey()))
          .append("</dt><dd>")
          .append(text(entry.getValue()))
          .append("</dd>");
    }
    page.append("</dl></header><div class=\"soft\">")
        .append(sheet.due())
        .append("</div><div class=\"due\">")
        .append(BillPage.figure(sheet.bill().total().abs(), sheet.places()))
        .append(' ')
        .append(sheet.bill().currency())
        .append("</div>");
    lines(page, sheet);
    chart(page, sheet);
    proof(page, sheet);
    return page.append("</body></html>\n").toString();
  }

  private static void lines(StringBuilder page, BillSheet sheet) {
    for (BillPart part : sheet.bill().parts()) {
      if (sheet.bill().parts().size() > 1) {
        page.append("<h2>")
            .append(text(part.tariff().name() + ", " + BillSheet.days(part)))
            .append("</h2>");
      }
      for (Month month : part.months()) {
        page.append("<table><tr><th>")
            .append(BillSheet.month(month.month()))
            .append("</th><th>Quantity</th><th></th><th>Price</th><th>")
            .append(sheet.bill().currency())
            .append("</th></tr>");
        for (Line line : month.lines()) {
          page.append("<tr>");
          cell(page, line.text());
          cell(page, BillSheet.quantity(line.quantity()));
          cell(page, line.unit());
          cell(page, BillSheet.price(line.price()));
          cell(page, BillPage.figure(line.amount(), sheet.places()));
          page.append("</tr>");
        }
        page.append("<tr class=\"total\"><td colspan=\"4\">").append("Sum</td>");
        cell(page, BillPage.figure(month.total(), sheet.places()));
        page.append("</tr></table>");
      }
    }
  }

  private static void chart(StringBuilder page, BillSheet sheet) {
    if (sheet.days().isEmpty() || sheet.bill().parts().isEmpty()) {
      return;
    }
    double most = sheet.most();
    double step = (double) (WIDTH - LEFT) / sheet.days().size();
    page.append("<h2>Each day's use, kWh</h2><svg viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(HEIGHT + 20)
        .append("\" role=\"img\" aria-label=\"Use by day\">");
    for (int g = 0; g <= 2; g++) {
      double y = HEIGHT - (HEIGHT - 12) * g / 2.0;
      page.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dde3ea\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>",
              LEFT,
              WIDTH,
              y,
              y,
              LEFT - 6,
              y + 4,
              most * g / 2));
    }
    for (int i = 0; i < sheet.days().size(); i++) {
      BillSheet.UsedDay day = sheet.days().get(i);
      double height = Math.max(0, day.kilowattHours()) / most * (HEIGHT - 12);
      double guess = height * day.estimated();
      double x = LEFT + i * step + step * .12;
      bar(page, x, HEIGHT - height + guess, step * .76, height - guess, "used", day);
      bar(page, x, HEIGHT - height, step * .76, guess, "guess", day);
      if (sheet.days().size() <= 40 && (i % 5 == 0 || sheet.days().size() <= 16)) {
        page.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                LEFT + i * step + step / 2,
                HEIGHT + 14,
                day.date().getDayOfMonth()));
      }
    }
    page.append("</svg>");
    if (sheet.days().stream().anyMatch(d -> d.estimated() > 0)) {
      page.append("<div class=\"soft\">Lighter: estimated, or set by a person.</div>");
    }
  }

  private static void bar(
      StringBuilder page,
      double x,
      double y,
      double width,
      double height,
      String kind,
      BillSheet.UsedDay day) {
    if (height > 0) {
      page.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"var(--%s)\">"
                  + "<title>%s: %.2f kWh</title></rect>",
              x,
              y,
              width,
              height,
              kind,
              day.date(),
              day.kilowattHours()));
    }
  }

  private static void proof(StringBuilder page, BillSheet sheet) {
    page.append("<div class=\"proof\"><h2 style=\"margin-top:0\">How to check this bill</h2><p>")
        .append(text(sheet.readings()))
        .append("</p><p>Ask for the bill with its proof, and for the office's public key, and run ")
        .append("<code>gridwarden bill verify bill.json --key office.pem</code>: it reckons every")
        .append(" figure again and says where one does not hold.</p><p class=\"soft\">Office: ")
        .append(text(sheet.bill().office()))
        .append("<br>SHA-256: <code>")
        .append(sheet.digest())
        .append("</code></p></div>");
  }

  private static void cell(StringBuilder page, String content) {
    page.append("<td>").append(text(content)).append("</td>");
  }

  private static String text(String raw) {
    return raw.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
