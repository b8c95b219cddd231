package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.format.TextStyle;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gridwarden.mdm.billing.BillLine.Kind;

/** Bills as one page of HTML that needs nothing else: to read on a screen and to print. */
public final class BillPage {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 200;

  private static final Map<Kind, String> NAMES = new EnumMap<>(Kind.class);

  static {
    NAMES.put(Kind.ENERGY, "Energy");
    NAMES.put(Kind.DEMAND, "Demand");
    NAMES.put(Kind.FIXED, "Fixed");
    NAMES.put(Kind.MINIMUM, "Minimum");
    NAMES.put(Kind.TAX, "Taxes");
    NAMES.put(Kind.FEED_IN, "Fed in");
    NAMES.put(Kind.ROUNDING, "Rounding");
  }

  private static final String STYLE =
      """
      :root{--ink:#1b2430;--soft:#5b6776;--line:#dde3ea;--energy:#1f6feb;--demand:#e08a1e;\
      --fixed:#8a94a3;--minimum:#b9c2cd;--tax:#5f7f5f;--fed_in:#2aa876;--rounding:#c9ced6}
      body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);max-width:46rem;margin:2rem auto;\
      padding:0 1rem}
      h1{font-size:1.5rem;margin:0}h2{font-size:1.05rem;margin:1.8rem 0 .4rem}
      .soft{color:var(--soft)}.sum{font-size:2rem;font-weight:600;margin:.6rem 0}
      table{border-collapse:collapse;width:100%}th{font-weight:500;color:var(--soft)}
      th,td{text-align:right;padding:.25rem .5rem;border-bottom:1px solid var(--line);\
      font-variant-numeric:tabular-nums}
      th:first-child,td:first-child{text-align:left;padding-left:0}
      tr.total td{font-weight:600;border-bottom:2px solid var(--ink)}
      svg{width:100%;height:auto;margin:.5rem 0}svg text{font:11px system-ui,sans-serif;\
      fill:var(--soft)}
      .key{display:inline-block;width:.7rem;height:.7rem;border-radius:2px;margin:0 .3rem 0 .9rem}
      details{margin:.2rem 0}summary{cursor:pointer}
      @media print{details>*{display:block!important}body{margin:0}section{break-after:page}}
      """;

  private BillPage() {}

  /** A page with each bill as a section. */
  public static String of(List<Bill> bills) {
    StringBuilder page = new StringBuilder(8_192);
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(text(bills.size() == 1 ? "Bill of " + bills.getFirst().meter() : "Bills"))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body>");
    bills.forEach(bill -> section(page, bill));
    return page.append("</body></html>\n").toString();
  }

  /** A figure for people: so many places, thousands apart by a comma. */
  public static String figure(BigDecimal value, int places) {
    String plain = value.setScale(places, RoundingMode.HALF_UP).toPlainString();
    int point = plain.indexOf('.');
    int end = point < 0 ? plain.length() : point;
    StringBuilder figure = new StringBuilder(plain);
    for (int i = end - 3; i > (plain.startsWith("-") ? 1 : 0); i -= 3) {
      figure.insert(i, ',');
    }
    return figure.toString();
  }

  private static void section(StringBuilder page, Bill bill) {
    String currency = bill.tariff().currency().getCurrencyCode();
    BilledMonth first = bill.months().getFirst();
    BilledMonth last = bill.months().getLast();
    page.append("<section><h1>Electricity, ")
        .append(month(first))
        .append(bill.months().size() > 1 ? " to " + month(last) : "")
        .append("</h1><div class=\"soft\">Meter ")
        .append(text(bill.meter()))
        .append(" · ")
        .append(text(bill.tariff().name()))
        .append("</div><div class=\"sum\">")
        .append(figure(bill.total(), places(bill)))
        .append(' ')
        .append(currency)
        .append("</div>");
    chart(page, bill);
    page.append("<h2>Month by month</h2><table><tr><th>Month</th><th>kWh</th><th>Billed kW</th>");
    List<Kind> kinds =
        NAMES.keySet().stream()
            .filter(k -> bill.months().stream().anyMatch(m -> m.sum(k).signum() != 0))
            .toList();
    kinds.forEach(k -> page.append("<th>").append(NAMES.get(k)).append("</th>"));
    page.append("<th>").append(currency).append("</th></tr>");
    for (BilledMonth month : bill.months()) {
      page.append("<tr><td>").append(month(month)).append("</td>");
      cell(page, figure(month.determinants().used(), 1));
      cell(page, figure(month.billedDemand(), 2));
      kinds.forEach(k -> cell(page, figure(month.sum(k), places(bill))));
      cell(page, figure(month.total(), places(bill)));
      page.append("</tr>");
    }
    page.append("</table><h2>Line by line</h2>");
    bill.months().forEach(month -> lines(page, bill, month));
    page.append("<p class=\"soft\">Each line is rounded to the smallest unit of ")
        .append(currency)
        .append(
            bill.tariff().terms().rounding().lines() == RoundingMode.HALF_EVEN
                ? ", halves to even"
                : ", halves up")
        .append("; the total is the sum of the rounded lines.</p></section>");
  }

  private static void lines(StringBuilder page, Bill bill, BilledMonth month) {
    page.append("<details")
        .append(bill.months().size() == 1 ? " open" : "")
        .append("><summary>")
        .append(month(month))
        .append(": ")
        .append(figure(month.total(), places(bill)))
        .append("</summary><table><tr><th>What</th><th>Quantity</th><th></th><th>Price</th>")
        .append("<th>Amount</th></tr>");
    for (BillLine line : month.lines()) {
      page.append("<tr><td>").append(text(line.text())).append("</td>");
      cell(page, figure(line.quantity(), Math.clamp(line.quantity().scale(), 0, 3)));
      cell(page, text(line.unit()));
      cell(page, line.price().toPlainString());
      cell(page, figure(line.amount(), places(bill)));
      page.append("</tr>");
    }
    page.append("</table></details>");
  }

  private static void chart(StringBuilder page, Bill bill) {
    if (bill.months().size() < 2) {
      return;
    }
    double most =
        bill.months().stream().mapToDouble(m -> positive(m).doubleValue()).max().orElse(1);
    if (most <= 0) {
      return;
    }
    double step = (double) (WIDTH - 50) / bill.months().size();
    page.append("<svg viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(HEIGHT + 24)
        .append("\" role=\"img\" aria-label=\"Cost by month\">");
    for (int g = 0; g <= 2; g++) {
      double y = HEIGHT - (HEIGHT - 14) * g / 2.0;
      page.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"50\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dde3ea\"/>"
                  + "<text x=\"44\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              WIDTH,
              y,
              y,
              y + 4,
              figure(BigDecimal.valueOf(most * g / 2), 0)));
    }
    for (int i = 0; i < bill.months().size(); i++) {
      BilledMonth month = bill.months().get(i);
      double y = HEIGHT;
      for (Kind kind : NAMES.keySet()) {
        double height = month.sum(kind).doubleValue() / most * (HEIGHT - 14);
        if (height > 0) {
          y -= height;
          page.append(
              String.format(
                  Locale.ROOT,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"var(--%s)\">"
                      + "<title>%s, %s: %s</title></rect>",
                  50 + i * step + step * .14,
                  y,
                  step * .72,
                  height,
                  kind.name().toLowerCase(Locale.ROOT),
                  month(month),
                  NAMES.get(kind),
                  month.sum(kind).toPlainString()));
        }
      }
      page.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
              50 + i * step + step / 2,
              HEIGHT + 16,
              month
                  .determinants()
                  .month()
                  .getMonth()
                  .getDisplayName(TextStyle.SHORT, Locale.ENGLISH)));
    }
    page.append("</svg><div class=\"soft\">");
    for (Map.Entry<Kind, String> kind : NAMES.entrySet()) {
      if (bill.months().stream().anyMatch(m -> m.sum(kind.getKey()).signum() > 0)) {
        page.append("<span class=\"key\" style=\"background:var(--")
            .append(kind.getKey().name().toLowerCase(Locale.ROOT))
            .append(")\"></span>")
            .append(kind.getValue());
      }
    }
    page.append("</div>");
  }

  private static BigDecimal positive(BilledMonth month) {
    return NAMES.keySet().stream()
        .map(month::sum)
        .map(amount -> amount.max(BigDecimal.ZERO))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static int places(Bill bill) {
    return Math.max(0, bill.tariff().currency().getDefaultFractionDigits());
  }

  private static String month(BilledMonth month) {
    var which = month.determinants().month();
    return which.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + which.getYear();
  }

  private static void cell(StringBuilder page, String content) {
    page.append("<td>").append(content).append("</td>");
  }

  private static String text(String raw) {
    return raw.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
